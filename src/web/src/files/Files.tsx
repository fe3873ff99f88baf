// Files: dropped or chosen, columns shown, attached, reviewed, downloaded.
import { signal } from "@preact/signals";
import { Key } from "../draw/Draw";
import { decimal, said, t, whole } from "../texts";
import { Alert, Select, save } from "../ui";
import { automatic, candidates, choose, counts, done, file, finished, isHead, look, problem, result, review, reviewed, roles, rowCount, run, running, stop, table, take } from "./state";

const over = signal(false);

export function Drop({ label, id, take: taken }: { label: string; id: string; take: (file: File) => void }) {
  return (
    <div
      class={`drop ${over.value ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        const [first] = event.dataTransfer?.files ?? [];
        if (first) taken(first);
      }}
    >
      <label for={id}>{label}</label>
      <p class="hint">{t.value.files.drop}</p>
      <input
        id={id}
        type="file"
        onChange={(event) => {
          const [first] = event.currentTarget.files ?? [];
          if (first) taken(first);
        }}
      />
    </div>
  );
}

export function Files() {
  const words = t.value.files;
  return (
    <section aria-labelledby="files-title">
      <h2 id="files-title">{words.title}</h2>
      <p>{words.intro}</p>
      <Key />
      <Drop id="files-file" label={words.choose} take={(chosen) => void choose(chosen)} />
      {problem.value && <Alert>{problem.value}</Alert>}
      {table.value && <Columns />}
      {done.value && <Progress />}
      {counts.value.size > 0 && <Summary />}
      {review.value.length > 0 && <Review />}
    </section>
  );
}

function Columns() {
  const words = t.value.files;
  const known = table.value;
  if (!known) return null;
  const options = (name: string): [string, string][] => {
    const taken = known.used.find((used) => used.column === name);
    const list = Object.entries(words.roles) as [string, string][];
    return roles.value[name] === "other" && taken ? [["other", said(taken)], ...list] : list;
  };
  return (
    <>
      <h3>{words.columns}</h3>
      <p class="hint">
        {words.rows(whole(known.rows))}
        {isHead.value && ` (${words.head})`}. {words.columnsHelp}
      </p>
      {known.unusable && <Alert>{said(known.unusable)}</Alert>}
      <p class="field check">
        <input id="files-auto" type="checkbox" checked={automatic.value} onChange={(event) => (automatic.value = event.currentTarget.checked)} /> <label for="files-auto">{words.automatic}</label>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label={words.sample}>
        <table>
          <caption class="unseen">{words.sample}</caption>
          <thead>
            <tr>
              {known.columns.map((name, place) => (
                <th key={name} scope="col">
                  {name}
                  <Select
                    id={`role-${place}`}
                    label={name}
                    hideLabel
                    value={roles.value[name] ?? "none"}
                    options={options(name)}
                    change={(value) => {
                      automatic.value = false;
                      roles.value = { ...roles.value, [name]: value };
                    }}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {known.first_rows.slice(0, 5).map((row, at) => (
              <tr key={at}>
                {row.map((field, place) => (
                  <td key={place}>{field}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {known.notes.map((note, place) => (
        <p class="hint" key={place}>
          {said(note)}
        </p>
      ))}
      <p class="row">
        {running.value ? (
          <button type="button" onClick={stop}>
            {words.stop}
          </button>
        ) : (
          !finished.value && (
            <button type="button" class="main" onClick={() => void run()}>
              {done.value ? words.resume : words.start}
            </button>
          )
        )}
      </p>
    </>
  );
}

function Progress() {
  const [now, all] = done.value ?? [0, 1];
  const mega = (bytes: number) => decimal(bytes / 1e6, 1);
  return (
    <p role="status">
      <progress value={now} max={all} aria-label={t.value.files.progress(mega(now), mega(all))} /> {t.value.files.progress(mega(now), mega(all))}
    </p>
  );
}

function Summary() {
  const words = t.value.files;
  const list = [...counts.value].filter(([, count]) => count > 0);
  return (
    <>
      <h3>{words.summary}</h3>
      <p class="good" id="files-done">{words.done(whole(rowCount()))}</p>
      <table>
        <tbody>
          {list.map(([status, count]) => (
            <tr key={status}>
              <th scope="row">{words.statuses[status] ?? status}</th>
              <td class="number">{whole(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {finished.value && (
        <button type="button" class="main" onClick={() => void result().then((blob) => save(blob, `${(file.value?.name ?? "resultat").replace(/\.[^.]*$/, "")}-rattache.csv`))}>
          {words.download}
        </button>
      )}
    </>
  );
}

function Review() {
  const words = t.value.files;
  const at = reviewed.value;
  const row = review.value[at];
  if (!row) return null;
  const added = (name: string) => row.fields[row.names.indexOf(`rattache_${name}`)] ?? "";
  return (
    <section aria-labelledby="review-title">
      <h3 id="review-title">{words.review}</h3>
      {review.value.length >= 500 && <p class="hint">{words.reviewMore(whole(500))}</p>}
      <p class="row">
        <button type="button" disabled={at === 0} onClick={() => void look(at - 1)}>
          {words.previous}
        </button>
        <span>{words.reviewOne(whole(at + 1), whole(review.value.length))}</span>
        <button type="button" disabled={at + 1 >= review.value.length} onClick={() => void look(at + 1)}>
          {words.next}
        </button>
      </p>
      <dl class="facts">
        {row.names.map((name, place) => (
          !name.startsWith("rattache_") && row.fields[place] && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{row.fields[place]}</dd>
            </div>
          )
        ))}
        <div>
          <dt>{t.value.status}</dt>
          <dd>{row.chosen ? words.taken : (words.statuses[added("status")] ?? added("status"))}</dd>
        </div>
        {added("reason") && (
          <div>
            <dt>{words.reason}</dt>
            <dd>{added("reason")}</dd>
          </div>
        )}
      </dl>
      <h4>{words.candidates}</h4>
      {candidates.value.length === 0 && <p class="hint">{words.noCandidate}</p>}
      <ul class="choices">
        {candidates.value.map((known) => (
          <li key={known.result_id}>
            <button
              type="button"
              onClick={() => void take(known.result_label, known.position as { lon: number; lat: number })}
            >
              {words.take} : {known.result_label}
            </button>{" "}
            <small>{(known.clsc ?? []).map((clsc) => `${clsc.name} (${clsc.code})`).join(", ")}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
