// Series: a file, editions, verdicts, charts, downloads.
import { signal } from "@preact/signals";
import { Drop } from "../files/Files";
import { TERRITORIAL, editions } from "../state";
import { decimal, t, whole } from "../texts";
import { Alert, Select, save } from "../ui";
import { Chart } from "./Chart";
import { asCsv, bridged, busy, checked, choose, file, from, level, lines, measure, problem, rows, run, target, to, verdict, wanted } from "./state";

const shownCharts = signal(12);
const MOST_ROWS = 200;

export function Series() {
  const words = t.value.series;
  const list = editions.value.map((known) => [known.id, `${known.label} (${known.id})`] as [string, string]);
  return (
    <section aria-labelledby="series-title">
      <h2 id="series-title">{words.title}</h2>
      <p>{words.intro}</p>
      <Drop id="series-file" label={words.choose} take={(chosen) => void choose(chosen)} />
      <Select id="series-to" label={words.to} value={target()} options={list} change={(value) => (to.value = value)} />
      <fieldset>
        <legend>{words.editions}</legend>
        <p class="hint">{words.editionsAll}</p>
        {editions.value.map((known, place) => (
          <p class="field check" key={known.id}>
            <input
              id={`series-edition-${place}`}
              type="checkbox"
              checked={from.value.includes(known.id)}
              onChange={(event) => (from.value = event.currentTarget.checked ? [...from.value, known.id] : from.value.filter((id) => id !== known.id))}
            />{" "}
            <label for={`series-edition-${place}`}>{known.label}</label>
          </p>
        ))}
      </fieldset>
      <Select id="series-level" label={words.level} value={level.value} options={[["", words.levelAuto], ...TERRITORIAL.map((at) => [at, t.value.short[at] ?? at] as [string, string])]} change={(value) => (level.value = value)} />
      <Select id="series-measure" label={words.measure} value={measure.value} options={Object.entries(words.measures)} change={(value) => (measure.value = value)} />
      <button type="button" class="main" disabled={!file.value || busy.value} onClick={() => void run()}>
        {words.start}
      </button>
      {busy.value && <p class="hint" role="status">{t.value.loading}</p>}
      {problem.value && <Alert>{problem.value}</Alert>}
      {checked.value && <Told />}
    </section>
  );
}

function Told() {
  const words = t.value.series;
  const answer = checked.value;
  if (!answer) return null;
  const touched = lines.value.filter((line) => line.touched);
  const verdictName = (word: string) => words.verdicts[word] ?? word;
  const download = async (what: "check" | "bridge") => {
    const blob = await asCsv(what);
    if (blob) save(blob, `${(file.value?.name ?? "serie").replace(/\.[^.]*$/, "")}-${what}.csv`);
  };
  return (
    <>
      <h3>{words.summary}</h3>
      <table id="series-verdicts">
        <tbody>
          {Object.entries(answer.verdicts).map(([word, count]) => (
            <tr key={word}>
              <th scope="row">{verdictName(word)}</th>
              <td class="number">{whole(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="row">
        <button type="button" onClick={() => void download("check")}>{words.downloadCheck}</button>
        <button type="button" onClick={() => void download("bridge")}>{words.downloadBridge}</button>
        <button type="button" onClick={() => print()}>{words.print}</button>
      </p>
      <h3>{words.breaks} ({whole(answer.breaks.length)})</h3>
      {answer.breaks.length === 0 && <p>{words.noBreaks}</p>}
      {touched.length > 0 && (
        <>
          <h3>{words.chartsTitle} ({whole(touched.length)})</h3>
          <ul class="legend">
            <li>
              <svg width="24" height="8" aria-hidden="true"><path d="M0 4L24 4" stroke="#4b5661" stroke-dasharray="4 3" /></svg> {words.published}
            </li>
            <li>
              <svg width="24" height="8" aria-hidden="true"><path d="M0 4L24 4" stroke="#0b5cad" stroke-width="2" /></svg> {words.bridged}
            </li>
          </ul>
          <div class="charts">
            {touched.slice(0, shownCharts.value).map((line) => (
              <Chart key={line.key} line={line} />
            ))}
          </div>
          {touched.length > shownCharts.value && (
            <button type="button" onClick={() => (shownCharts.value += 24)}>{words.more}</button>
          )}
        </>
      )}
      <h3>{words.table}</h3>
      <Select id="series-verdict" label={words.filterVerdict} value={verdict.value} options={[["", t.value.all], ...Object.keys(answer.verdicts).map((word) => [word, verdictName(word)] as [string, string])]} change={(value) => (verdict.value = value)} />
      <p class="field">
        <label for="series-filter">{words.filterCode}</label>
        <input id="series-filter" type="search" value={wanted.value} onInput={(event) => (wanted.value = event.currentTarget.value)} />
      </p>
      <p class="hint" role="status">{words.shown(whole(Math.min(rows.value.length, MOST_ROWS)), whole(rows.value.length))}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={words.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.value.code}</th>
              <th scope="col">{words.period}</th>
              <th scope="col" class="number">{words.value}</th>
              {bridged.value && <th scope="col" class="number">{words.bridgedValue}</th>}
              {bridged.value && <th scope="col" class="number">{words.interval}</th>}
              <th scope="col">{words.verdict}</th>
            </tr>
          </thead>
          <tbody>
            {rows.value.slice(0, MOST_ROWS).map(({ known, found }) => (
              <tr key={`${known.key} ${found.period}`}>
                <th scope="row">{known.code}</th>
                <td>{found.period}</td>
                <td class="number">{found.published === null ? "" : decimal(found.published)}</td>
                {bridged.value && <td class="number">{found.bridged === null ? "" : decimal(found.bridged)}</td>}
                {bridged.value && <td class="number">{found.interval ? `${decimal(found.interval[0])} – ${decimal(found.interval[1])}` : ""}</td>}
                <td>{verdictName(found.verdict)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
