// Ask: one box, one clear sentence, then why.
import { useEffect } from "preact/hooks";
import { t, decimal, distance, percent } from "../texts";
import { Alert, Facts } from "../ui";
import { type Answer, answer, asOf, askCandidate, askTyped, askedPoint, busy, completeLater, completions, points, problem, typed, uncertainty } from "./state";

export function Ask() {
  const words = t.value.ask;
  return (
    <section aria-labelledby="ask-title">
      <h2 id="ask-title">{words.title}</h2>
      <form
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void askTyped();
        }}
      >
        <label for="ask-box">{words.label}</label>
        <div class="row">
          <input
            id="ask-box"
            list="ask-list"
            value={typed.value}
            placeholder={words.placeholder}
            aria-describedby="ask-hint"
            onInput={(event) => {
              typed.value = event.currentTarget.value;
              completeLater();
            }}
          />
          <button type="submit" class="main">
            {words.find}
          </button>
        </div>
        <datalist id="ask-list">
          {completions.value.map((label) => (
            <option key={label} value={label} />
          ))}
        </datalist>
        <p class="hint" id="ask-hint">
          {words.hint}
        </p>
        <details>
          <summary>{words.more}</summary>
          <p class="field">
            <label for="ask-metres">{words.uncertainty}</label>
            <input id="ask-metres" inputMode="decimal" placeholder={words.optional} value={uncertainty.value} onInput={(event) => (uncertainty.value = event.currentTarget.value)} />
          </p>
          <p class="field">
            <label for="ask-day">{words.asOf}</label>
            <input id="ask-day" type="date" value={asOf.value} onInput={(event) => (asOf.value = event.currentTarget.value)} />
          </p>
        </details>
      </form>
      <div aria-live="polite" aria-busy={busy.value} id="answer">
        {busy.value && <p class="hint">{t.value.loading}</p>}
        {problem.value && <Alert>{problem.value}</Alert>}
        {answer.value && <Answered found={answer.value} />}
      </div>
    </section>
  );
}

function named(known: { code: string; name: string }): string {
  return `${known.name} (${known.code})`;
}

/** The one sentence that says it all. */
function sentence(found: Answer): string {
  const words = t.value.ask;
  const home = found.lineage?.clsc;
  const many = found.territories?.length ?? 0;
  const alternatives = found.match?.alternatives ?? [];
  if (found.placement === "not_found") return words.notFound;
  if (found.placement === "outside") return words.outside;
  if (!home) return many > 1 || alternatives.length > 0 ? words.several(Math.max(many, 1)) : words.spread;
  if (found.placement === "nearest") return words.nearest(named(home), distance(found.distance_m ?? 0));
  return words.inside(named(home));
}

function Answered({ found }: { found: Answer }) {
  const words = t.value.ask;
  const home = found.lineage?.clsc;
  const others = (found.certainty?.clsc ?? []).filter((known) => known.code !== home?.code).map(named);
  const shares = found.territories ?? [];
  // Doubt is said only where there is cause for it.
  const metres = found.certainty?.uncertainty_m ?? found.match?.uncertainty_m ?? 0;
  const nearLimit = home && found.runner_up && found.border_m !== null && found.border_m !== undefined && found.border_m <= Math.max(metres, 25);
  const alternatives = found.match?.alternatives ?? [];
  const unsure = found.match !== undefined && found.match !== null && !found.match.auto_accepted;
  useEffect(() => document.getElementById("ask-sentence")?.focus(), [found]);
  return (
    <article class="answer">
      <p class="sentence" id="ask-sentence" tabIndex={-1}>
        {sentence(found)}
      </p>
      {others.length > 0 && !found.certainty?.stable && <p class="doubt">{words.doubt(others.join(", "))}</p>}
      {others.length === 0 && nearLimit && found.runner_up && <p class="doubt">{words.nearLimit(distance(found.border_m ?? 0), named(found.runner_up))}</p>}
      {found.match?.result_label && <p>{words.found(found.match.result_label)}</p>}
      {alternatives.length > 0 && (unsure || !home) && (
        <>
          <h3>{words.candidates}</h3>
          <ul class="choices">
            {alternatives.map((other) => (
              <li key={other.result_id}>
                <button type="button" onClick={() => void askCandidate(other.result_label)}>
                  {other.result_label}
                </button>{" "}
                <small>{other.clsc.map(named).join(", ")}</small>
              </li>
            ))}
          </ul>
        </>
      )}
      {!home && shares.length > 0 && (
        <>
          <h3>{words.shares}</h3>
          <table>
            <tbody>
              {shares.map((share) => (
                <tr key={share.clsc.code}>
                  <th scope="row">{named(share.clsc)}</th>
                  <td>{percent(share.share)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {home && points.value && (
        <>
          <h3>{words.points}</h3>
          {points.value.length === 0 ? (
            <p>{words.noPoints}</p>
          ) : (
            <ul class="points">
              {points.value.slice(0, 5).map((known) => (
                <li key={known.code}>
                  {known.name}
                  {known.address && <small>, {known.address}</small>}
                  {known.metres !== null && <span class="far"> {distance(known.metres)}</span>}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      {found.lineage && (
        <>
          <h3>{words.levels}</h3>
          <Facts
            rows={[
              [t.value.levels.clsc ?? "", named(found.lineage.clsc)],
              [t.value.levels.rls ?? "", named(found.lineage.rls)],
              [t.value.levels.rts ?? "", named(found.lineage.rts)],
              [t.value.levels.rss ?? "", named(found.lineage.rss)],
              [t.value.levels.ruisss ?? "", named(found.lineage.ruisss)],
              [t.value.levels.da ?? "", found.dissemination_area ?? ""],
              [words.limit, found.border_m === null || found.border_m === undefined ? "" : distance(found.border_m)],
              [t.value.edition, `${found.edition.label} (${found.edition.id})`],
              [words.question, askedPoint.value ? `${decimal(askedPoint.value[1], 5)} ; ${decimal(askedPoint.value[0], 5)}` : ""],
            ]}
          />
        </>
      )}
    </article>
  );
}
