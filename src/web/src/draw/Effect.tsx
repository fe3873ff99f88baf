// What the operations do, at every level: figures, what gets worse, who must be told.
import { GRADES, ofPeople } from "../map/palette";
import { said, t, whole } from "../texts";
import { stroke } from "./map";
import { type Preview, lastMs, live, preview } from "./scenario";

type Territory = Preview["impact"]["levels"][number]["territories"][number];

export function Effect() {
  const words = t.value.draw;
  const shown = live.value ?? preview.value;
  return (
    <section aria-labelledby="effect-title">
      <h3 id="effect-title">{words.effect}</h3>
      {stroke.value.size > 0 && <Live />}
      {shown && shown.impact.levels.some((level) => level.territories.length > 0) ? <Told shown={shown} /> : <p class="hint">{words.nothing}</p>}
    </section>
  );
}

function Live() {
  const words = t.value.draw;
  return (
    <p class="good" role="status">
      {words.live} :{" "}
      {[...stroke.value].map(([code, people]) => `${code} ${people >= 0 ? "+" : "−"}${whole(Math.abs(people))}`).join(", ")}
    </p>
  );
}

function Told({ shown }: { shown: Preview }) {
  const words = t.value.draw;
  const { impact } = shown;
  const clsc = impact.levels[0]?.territories ?? [];
  const worse = shown.effects.filter((effect) => !effect.better);
  const better = shown.effects.filter((effect) => effect.better);
  const flows = clsc.flatMap((territory) => territory.lost);
  return (
    <>
      {lastMs.value > 0 && <p class="hint" id="effect-ms" data-ms={lastMs.value}>{words.ms(lastMs.value)}</p>}
      <h4>{words.affected}</h4>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.value.level}</th>
            <th scope="col" class="number">{words.affectedPeople}</th>
            <th scope="col" class="number">{words.affectedUnits}</th>
            <th scope="col" class="number">{words.territories}</th>
          </tr>
        </thead>
        <tbody>
          {impact.levels.map((level) => (
            <tr key={level.level}>
              <th scope="row">{t.value.short[level.level]}</th>
              <td class="number">{whole(level.affected.people)}</td>
              <td class="number">{whole(level.affected.units)}</td>
              <td class="number">{whole(level.territories.length)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h4>{words.clscTable}</h4>
      <div class="scroll" tabIndex={0} role="region" aria-label={words.clscTable}>
        <table>
          <thead>
            <tr>
              <th scope="col">CLSC</th>
              <th scope="col" class="number">{words.before}</th>
              <th scope="col" class="number">{words.after}</th>
              <th scope="col">{t.value.status}</th>
            </tr>
          </thead>
          <tbody>
            {clsc.map((territory) => (
              <Row key={territory.before?.code ?? territory.after?.code} territory={territory} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.concerns.filter((concern) => concern.kind !== "empty").length > 0 && (
        <>
          <h4>{words.concerns}</h4>
          <ul>
            {shown.concerns.filter((concern) => concern.kind !== "empty").map((concern, place) => (
              <li key={place}>{said(concern)}</li>
            ))}
          </ul>
        </>
      )}
      <Grades title={words.worseTitle} list={worse} />
      <Grades title={words.betterTitle} list={better} />
      <details>
        <summary>{words.weighed}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.weighed}</th>
              <th scope="col" class="number">{words.before}</th>
              <th scope="col" class="number">{words.after}</th>
              <th scope="col">{t.value.status}</th>
            </tr>
          </thead>
          <tbody>
            {shown.weighed.map((known) => (
              <tr key={known.measure}>
                <th scope="row">{words.measure[known.measure] ?? known.measure}</th>
                <td class="number">{whole(known.before)}</td>
                <td class="number">{whole(known.after)}</td>
                <td>{known.better === true ? words.better : known.better === false ? words.worse : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      {flows.length > 0 && (
        <details>
          <summary>{words.flows} ({whole(flows.length)})</summary>
          <ul class="plain">
            {flows.map((flow) => (
              <li key={`${flow.from} ${flow.to}`}>
                {flow.from} → {flow.to} : {t.value.peopleOf(whole(flow.people))}
              </li>
            ))}
          </ul>
        </details>
      )}
      <details>
        <summary>{words.series} ({whole(impact.broken_series.length)})</summary>
        <ul class="plain">
          {impact.broken_series.map((series) => (
            <li key={`${series.level} ${series.code}`}>
              {t.value.short[series.level]} {series.code} {series.name} : {t.value.words[series.class] ?? series.class}
            </li>
          ))}
        </ul>
      </details>
      <details>
        <summary>{words.tell} ({whole(shown.to_tell.length)})</summary>
        <ul class="plain">
          {shown.to_tell.map((known, place) => (
            <li key={place}>
              {words.recipient[known.who] ?? known.who} : {known.name} ({known.code})
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

function Row({ territory }: { territory: Territory }) {
  const named = territory.after ?? territory.before;
  const cell = (people: number | undefined) =>
    people === undefined ? (
      <td class="number">–</td>
    ) : (
      <td class="number">
        <svg width="10" height="10" aria-hidden="true">
          <rect width="10" height="10" fill={ofPeople(people)} stroke="#555" />
        </svg>{" "}
        {whole(people)}
      </td>
    );
  return (
    <tr>
      <th scope="row">
        {named?.code} {named?.name}
      </th>
      {cell(territory.before?.people)}
      {cell(territory.after?.people)}
      <td>{t.value.words[territory.class] ?? territory.class}</td>
    </tr>
  );
}

function Grades({ title, list }: { title: string; list: Preview["effects"] }) {
  if (list.length === 0) return null;
  const mark = (grade: unknown) => (
    <svg width="12" height="12" aria-hidden="true">
      <circle cx="6" cy="6" r="5" fill={GRADES[String(grade)] ?? "#ccc"} stroke="#555" />
    </svg>
  );
  return (
    <>
      <h4>{title}</h4>
      <ul class="grades">
        {list.map((effect, place) => (
          <li key={place}>
            {effect.code} {effect.name}, {t.value.criteria[effect.before.criterion] ?? effect.before.criterion} : {mark(effect.before.grade)} {t.value.grades[String(effect.before.grade)]} → {mark(effect.after.grade)}{" "}
            {t.value.grades[String(effect.after.grade)]}
          </li>
        ))}
      </ul>
    </>
  );
}
