// Look: territories by colour, by name, by a click; two editions side by side.
import { computed, signal } from "@preact/signals";
import { ask, query } from "../api";
import { mainMap } from "../map/main";
import { CHANGES, DENSITY_STEPS, GRADES, RANGE, ofDensity } from "../map/palette";
import { type Level, TERRITORIAL, chosenCode, colour, compareId, compareMode, editionId, editions, folded, level, territories } from "../state";
import { decimal, t, whole } from "../texts";
import { Alert, Facts, Select, attempt, save } from "../ui";
import { type Page, changes, criteria, graded, page, problem } from "./state";

const wanted = signal("");

const found = computed(() => {
  const asked = folded(wanted.value);
  if (asked.length < 2) return null;
  const parts = asked.split(" ");
  return territories.value.filter((known) => {
    const text = `${folded(known.name)} ${known.code}`;
    return parts.every((part) => text.includes(part));
  });
});

/** Chooses a territory and goes there. */
export function goTo(at: Level, code: string): void {
  if (at === "da") return;
  level.value = at;
  chosenCode.value = code;
  const box = territories.value.find((known) => known.level === at && known.code === code)?.bbox;
  if (box) mainMap.value?.fit(box as [number, number, number, number]);
}

export function Look() {
  const words = t.value.look;
  const levelOptions = TERRITORIAL.map((at) => [at, t.value.levels[at] ?? at] as [string, string]);
  const colourOptions: [string, string][] = Object.entries(words.colours).filter(([value]) => value !== "change" || compareId.value) as [string, string][];
  if (level.value === "clsc") {
    for (const year of criteria.value?.years ?? []) colourOptions.push([`year:${year.year}`, words.year(year.year)]);
    for (const criterion of graded.value) colourOptions.push([`criterion:${criterion}`, words.criterion(t.value.criteria[criterion] ?? criterion)]);
  }
  return (
    <section aria-labelledby="look-title">
      <h2 id="look-title">{words.title}</h2>
      <Select id="look-level" label={t.value.level} value={level.value} options={levelOptions} change={(value) => {
        chosenCode.value = "";
        level.value = value as Level;
        if (colour.value.includes(":")) colour.value = "level";
      }} />
      <Select id="look-colour" label={words.colour} value={colour.value} options={colourOptions} change={(value) => (colour.value = value)} />
      <Legend />
      <Compare />
      <p class="field">
        <label for="look-search">{words.search}</label>
        <input id="look-search" type="search" value={wanted.value} onInput={(event) => (wanted.value = event.currentTarget.value)} />
      </p>
      {found.value && (
        <div role="status">
          <p class="hint">{words.results(found.value.length)}</p>
          <ul class="choices">
            {found.value.slice(0, 30).map((known) => (
              <li key={`${known.level} ${known.code}`}>
                <button type="button" onClick={() => {
                  wanted.value = "";
                  goTo(known.level as Level, known.code);
                }}>
                  {t.value.short[known.level]} {known.code} {known.name}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {problem.value && <Alert>{problem.value}</Alert>}
      {page.value && <Territory shown={page.value} />}
      <Export />
    </section>
  );
}

function Legend() {
  const words = t.value.look;
  const rows: [string, string][] = [];
  const at = colour.value;
  if (at === "people" || at.startsWith("year:")) for (const step of RANGE) rows.push([step.colour, words[step.name]]);
  if (at === "density") DENSITY_STEPS.forEach((from) => rows.push([ofDensity(from), `≥ ${whole(from)}`]));
  if (at === "change") {
    const there = new Set(changes.value.values());
    for (const [word, own] of Object.entries(CHANGES)) if (there.has(word) || word === "unchanged") rows.push([own, t.value.words[word] ?? word]);
  }
  if (at.startsWith("criterion:")) for (const [word, own] of Object.entries(GRADES)) rows.push([own, t.value.grades[word] ?? word]);
  if (rows.length === 0) return null;
  return (
    <ul class="legend" aria-label={words.legend}>
      {rows.map(([own, label]) => (
        <li key={label}>
          <svg width="16" height="12" aria-hidden="true">
            <rect width="16" height="12" fill={own} stroke="#555" />
          </svg>{" "}
          {label}
        </li>
      ))}
    </ul>
  );
}

function Compare() {
  const words = t.value.look;
  const others = editions.value.filter((known) => known.id !== editionId.value);
  const options: [string, string][] = [["", words.compareNone], ...others.map((known) => [known.id, `${known.label} (${known.id})`] as [string, string])];
  if (compareId.value && !others.some((known) => known.id === compareId.value)) options.push([compareId.value, compareId.value]);
  return (
    <>
      <Select id="look-compare" label={words.compare} value={compareId.value} options={options} change={(value) => {
        compareId.value = value;
        if (!value && colour.value === "change") colour.value = "level";
        if (value && colour.value === "level") colour.value = "change";
      }} />
      {compareId.value && (
        <Select id="look-mode" label={words.compareMode} value={compareMode.value} options={[["swipe", words.swipe], ["side", words.sideBySide]]} change={(value) => (compareMode.value = value as "swipe" | "side")} />
      )}
    </>
  );
}

function Links({ list, at }: { list: { code: string; name: string }[]; at: Level }) {
  return (
    <ul class="links">
      {list.map((known) => (
        <li key={known.code}>
          <button type="button" class="link" onClick={() => goTo(at, known.code)}>
            {t.value.short[at]} {known.code} {known.name}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Territory({ shown }: { shown: Page }) {
  const words = t.value.look;
  const row = shown as Page & { code: string; name: string; level: Level; population?: number | null; published_population?: number | null; area_km2: number; units?: number };
  const own = criteria.value?.clsc.find((known) => row.level === "clsc" && known.code === row.code);
  const parents = TERRITORIAL.flatMap((at) => ((row.parents as Record<string, { code: string; name: string }[] | undefined>)[at] ?? []).map((known) => ({ at, known })));
  const change = changes.value.get(row.code);
  return (
    <article class="territory" aria-labelledby="territory-name">
      <h3 id="territory-name">
        {t.value.short[row.level]} {row.code} {row.name}
      </h3>
      <Facts
        rows={[
          [t.value.people, row.population === null || row.population === undefined ? "" : whole(row.population)],
          [words.published, row.published_population ? whole(row.published_population) : ""],
          [words.area, `${decimal(row.area_km2)} km²`],
          [words.units, row.units === undefined ? "" : whole(row.units)],
          [words.changes, change ? (t.value.words[change] ?? change) : ""],
        ]}
      />
      {parents.length > 0 && (
        <>
          <h4>{words.lineage}</h4>
          {parents.map(({ at, known }) => (
            <Links key={`${at}${known.code}`} list={[known]} at={at} />
          ))}
        </>
      )}
      {own && (
        <details open>
          <summary>{words.criteria}</summary>
          <ul class="grades">
            {own.measures.filter((measure) => measure.grade).map((measure, place) => (
              <li key={place}>
                <svg width="12" height="12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill={GRADES[String(measure.grade)] ?? "#ccc"} stroke="#555" /></svg>{" "}
                {t.value.criteria[measure.criterion] ?? measure.criterion}{measure.of ? ` (${measure.of})` : ""} : {t.value.grades[String(measure.grade)] ?? String(measure.grade)}
              </li>
            ))}
          </ul>
        </details>
      )}
      <Group title={words.children} lists={TERRITORIAL.map((at) => [at, (shown.children as Record<string, { code: string; name: string }[] | undefined>)[at] ?? []])} />
      <Group title={words.neighbours} lists={[[row.level, shown.neighbours]]} />
      {shown.installations.length > 0 && (
        <details>
          <summary>{words.installations} ({whole(shown.installations.length)})</summary>
          <ul class="links">
            {shown.installations.map((known) => (
              <li key={known.code}>{known.name}</li>
            ))}
          </ul>
        </details>
      )}
      <button type="button" onClick={() => (chosenCode.value = "")}>{words.backToList}</button>
    </article>
  );
}

function Group({ title, lists }: { title: string; lists: [Level, { code: string; name: string }[]][] }) {
  const full = lists.filter(([, list]) => list.length > 0);
  if (full.length === 0) return null;
  const count = full.reduce((sum, [, list]) => sum + list.length, 0);
  return (
    <details>
      <summary>{title} ({whole(count)})</summary>
      {full.map(([at, list]) => <Links key={at} list={list} at={at} />)}
    </details>
  );
}

function Export() {
  const words = t.value.look;
  const fail = (said: string) => (problem.value = said);
  const picture = async () => {
    const blob = await mainMap.value?.picture();
    if (blob) save(blob, `${level.value}-${editionId.value}.png`);
  };
  const layer = (format: string, ending: string) =>
    attempt(async () => {
      const seen = mainMap.value?.map.getBounds();
      const clamp = (value: number, most: number) => Math.max(-most, Math.min(most, value)).toFixed(5);
      const bbox = seen && [clamp(seen.getWest(), 180), clamp(seen.getSouth(), 90), clamp(seen.getEast(), 180), clamp(seen.getNorth(), 90)].join(",");
      const response = await ask(query(`v1/editions/${encodeURIComponent(editionId.value)}/layers/${level.value}`, { format, bbox }));
      save(await response.blob(), `${level.value}-${editionId.value}.${ending}`);
    }, fail);
  return (
    <details>
      <summary>{words.export}</summary>
      <p class="row">
        <button type="button" onClick={() => void picture()}>{words.exportPng}</button>
        <button type="button" onClick={() => void layer("geojson", "geojson")}>GeoJSON</button>
        <button type="button" onClick={() => void layer("gpkg", "gpkg")}>GeoPackage</button>
        <button type="button" onClick={() => void layer("csv", "csv")}>CSV</button>
      </p>
    </details>
  );
}
