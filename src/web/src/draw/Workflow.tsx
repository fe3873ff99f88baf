// The way of a revision: copied, compared, commented, judged, submitted, decided, published, and its dossier.
import { signal } from "@preact/signals";
import { BASE, type Schema, ask, key } from "../api";
import { compareId, editionId, part } from "../state";
import { language, t, whole } from "../texts";
import { Select, attempt, save } from "../ui";
import { compare, duplicate, onServer, operations, preview, problem, revisions, scenario, work } from "./scenario";

const reason = signal("");
const remark = signal("");
const opinion = signal("");
const aspect = signal("public_health");
const copyName = signal("");
const other = signal("");
const day = signal("");
const official = signal(false);
const accepted = signal(false);
const compared = signal<Schema["Impact"] | null>(null);

const fail = (words: string) => (problem.value = words);

/** Where a revision may go from a state. */
const NEXT: Record<string, string[]> = {
  submitted: ["in_analysis", "draft", "withdrawn"],
  in_analysis: ["accepted", "refused", "draft", "withdrawn"],
  accepted: ["withdrawn"],
};

/** Opens the dossier; where a key is needed, which no link can bear, it is handed out as a file. */
async function openDossier(id: string): Promise<void> {
  const path = `v1/revisions/${encodeURIComponent(id)}/dossier?lang=${language.value}`;
  if (!key.value) window.open(BASE + path, "_blank", "noopener");
  else await attempt(async () => save(await (await ask(path)).blob(), `${id}.html`), fail);
}

export function Workflow() {
  const words = t.value.draw;
  const now = scenario.value;
  if (!now) {
    const file = () => save(new Blob([JSON.stringify({ name: work.value?.name, base: work.value?.base, operations: operations.value }, null, 2)], { type: "application/json" }), "revision.json");
    return (
      <p class="row">
        <button type="button" onClick={file}>
          {words.exportLocal}
        </button>
      </p>
    );
  }
  const text = (id: string, label: string, own: { value: string }) => (
    <p class="field">
      <label for={id}>{label}</label>
      <textarea id={id} rows={2} value={own.value} onInput={(event) => (own.value = event.currentTarget.value)} />
    </p>
  );
  // What is seldom meant is handed in only where somebody says that it is meant.
  const warnings = [...new Set((preview.value?.concerns ?? []).map((concern) => concern.kind))];
  const others = revisions.value.filter((known) => known.id !== now.id);
  return (
    <details>
      <summary>{words.workflow}</summary>
      <p class="row">
        <button type="button" onClick={() => void openDossier(now.id)}>
          {words.dossier}
        </button>
        <button type="button" onClick={() => void attempt(async () => save(await (await ask(`v1/revisions/${encodeURIComponent(now.id)}/affected`)).blob(), `${now.id}.csv`), fail)}>
          {words.affectedCsv}
        </button>
      </p>
      {warnings.length > 0 && (now.state === "draft" || now.state === "accepted") && (
        <p class="field check">
          <input id="flow-accept" type="checkbox" checked={accepted.value} onChange={(event) => (accepted.value = event.currentTarget.checked)} /> <label for="flow-accept">{words.acceptWarnings}</label>
        </p>
      )}
      {now.state === "draft" && (
        <p class="row">
          <button type="button" class="main" disabled={warnings.length > 0 && !accepted.value} onClick={() => void onServer("submit", { accept: warnings })}>
            {words.submit}
          </button>
          <button type="button" onClick={() => void onServer("withdraw")}>
            {words.withdraw}
          </button>
        </p>
      )}
      {(NEXT[now.state] ?? []).length > 0 && (
        <fieldset>
          <legend>{words.decide}</legend>
          {text("flow-reason", words.reason, reason)}
          <p class="row">
            {(NEXT[now.state] ?? []).map((to) => (
              <button key={to} type="button" onClick={() => void onServer("decide", { to, ...(reason.value.trim() ? { reason: reason.value.trim() } : {}) })}>
                {words.decisions[to]}
              </button>
            ))}
          </p>
        </fieldset>
      )}
      {now.state === "accepted" && (
        <fieldset>
          <legend>{words.publish}</legend>
          <p class="field">
            <label for="flow-day">{words.publishDay}</label>
            <input id="flow-day" type="date" value={day.value || now.valid_from} onInput={(event) => (day.value = event.currentTarget.value)} />
          </p>
          <p class="field check">
            <input id="flow-official" type="checkbox" checked={official.value} onChange={(event) => (official.value = event.currentTarget.checked)} /> <label for="flow-official">{words.publishOfficial}</label>
          </p>
          <button type="button" onClick={() => void onServer("publish", { valid_from: day.value || now.valid_from, official: official.value, accept: warnings })}>
            {words.publish}
          </button>
        </fieldset>
      )}
      {text("flow-comment", words.comment, remark)}
      <button type="button" disabled={!remark.value.trim()} onClick={() => void onServer("comments", { text: remark.value.trim() }).then((done) => { if (done) remark.value = ""; })}>
        {words.commentGo}
      </button>
      <ul class="plain">
        {now.comments.map((known, place) => (
          <li key={place}>
            {known.who} : {known.text}
          </li>
        ))}
      </ul>
      <Select id="flow-aspect" label={words.judge} value={aspect.value} options={Object.entries(words.aspects)} change={(value) => (aspect.value = value)} />
      {text("flow-opinion", words.judge, opinion)}
      <button type="button" disabled={!opinion.value.trim()} onClick={() => void onServer("judgements", { aspect: aspect.value, text: opinion.value.trim() }).then((done) => { if (done) opinion.value = ""; })}>
        {words.judgeGo}
      </button>
      <ul class="plain">
        {now.judgements.map((known) => (
          <li key={known.aspect}>
            {words.aspects[known.aspect]}, {known.who} : {known.text}
          </li>
        ))}
      </ul>
      <p class="field">
        <label for="flow-copy">{words.copyName}</label>
        <input id="flow-copy" value={copyName.value} onInput={(event) => (copyName.value = event.currentTarget.value)} />
      </p>
      <button type="button" disabled={!copyName.value.trim()} onClick={() => void duplicate(copyName.value.trim())}>
        {words.copy}
      </button>
      {others.length > 0 && (
        <>
          <Select id="flow-other" label={words.compareWith} value={other.value} options={[["", "—"], ...others.map((known) => [known.id, known.name] as [string, string])]} change={(value) => (other.value = value)} />
          <p class="row">
            <button type="button" disabled={!other.value} onClick={() => void attempt(async () => (compared.value = await compare(other.value)), fail)}>
              {words.compareGo}
            </button>
            <button
              type="button"
              disabled={!other.value}
              onClick={() => {
                // A revision answers as an edition does.
                editionId.value = now.id;
                compareId.value = other.value;
                part.value = "look";
              }}
            >
              {words.compareOn}
            </button>
          </p>
          {compared.value && (
            <ul class="plain" id="compared">
              {compared.value.levels.map((level) => (
                <li key={level.level}>
                  {t.value.short[level.level]} : {t.value.peopleOf(whole(level.affected.people))}, {whole(level.territories.length)} {words.territories.toLowerCase()}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </details>
  );
}
