// The tools of the hand, and the same without one.
import { signal } from "@preact/signals";
import { folded, territories } from "../state";
import { t, whole } from "../texts";
import { Alert, Select } from "../ui";
import { type Tool, brush, fitClsc, give, locked, moveTo, picked, picking, repaint, setPicked, target, tool } from "./map";
import { assignment, base, preview, step, units } from "./scenario";

const ids = signal("");
const area = signal("");
const lockCode = signal("");
const problem = signal("");

/** CLSC as they stand, new ones too: code and name. */
export function clscNow(): [string, string][] {
  const names = new Map(territories.value.filter((known) => known.level === "clsc").map((known) => [known.code, known.name]));
  for (const territory of preview.value?.impact.levels[0]?.territories ?? []) {
    if (territory.before) names.delete(territory.before.code);
    if (territory.after) names.set(territory.after.code, territory.after.name);
  }
  return [...names].sort(([a], [b]) => (a < b ? -1 : 1));
}

export function Tools() {
  const words = t.value.draw;
  const kinds: Tool[] = ["pan", "paint", "lasso", "territory", "municipalities", "mrc", "tracts", "target"];
  const there = kinds.filter((kind) => (kind !== "municipalities" && kind !== "mrc" && kind !== "tracts") || units.value?.[kind]);
  const people = [...picked.value].reduce((sum, unit) => sum + (units.value?.people[unit] ?? 0), 0);
  return (
    <fieldset class="tools">
      <legend>{words.tools}</legend>
      <Select
        id="draw-target"
        label={words.targetLabel}
        value={target.value}
        options={[["", words.targetNone], ...clscNow().map(([code, name]) => [code, `${code} ${name}`] as [string, string])]}
        change={(value) => {
          target.value = value;
          if (value) fitClsc(value);
        }}
      />
      <p class="row" role="group" aria-label={words.tools}>
        {there.map((kind) => (
          <button key={kind} type="button" aria-pressed={tool.value === kind} onClick={() => (tool.value = kind)}>
            {words.tool[kind]}
          </button>
        ))}
      </p>
      {tool.value === "paint" && (
        <Select id="draw-brush" label={words.brush} value={String(brush.value)} options={[["1", words.brushes[0] ?? ""], ["14", words.brushes[1] ?? ""], ["34", words.brushes[2] ?? ""]]} change={(value) => (brush.value = Number(value))} />
      )}
      <p class="field check">
        <input id="draw-pick" type="checkbox" checked={picking.value} onChange={(event) => (picking.value = event.currentTarget.checked)} /> <label for="draw-pick">{words.pick}</label>
      </p>
      <p class="hint">{words.zoomIn}</p>
      {picked.value.size > 0 && (
        <p class="row">
          <span>{words.picked(whole(picked.value.size), whole(people))}</span>
          <button type="button" disabled={!target.value} onClick={() => void movePicked()}>
            {words.pickedMove}
          </button>
          <button type="button" onClick={() => setPicked(new Set())}>
            {words.pickedNone}
          </button>
        </p>
      )}
      <ByList />
    </fieldset>
  );
}

async function movePicked(): Promise<void> {
  const list = [...picked.value];
  setPicked(new Set());
  picking.value = false;
  await give(list);
}

function ByList() {
  const words = t.value.draw;
  const areas = units.value?.municipalities;
  const go = async () => {
    problem.value = "";
    const all = units.value;
    if (!all) return;
    const asked = ids.value.split(/[\s,;]+/).filter((id) => id !== "");
    const unknown = asked.filter((id) => !all.numbers.has(id));
    if (unknown.length > 0) {
      problem.value = words.unknownUnits(unknown.slice(0, 5).join(", "));
      return;
    }
    const list = asked.map((id) => all.numbers.get(id) ?? 0);
    if (area.value && areas) {
      const place = areas.codes.indexOf(area.value);
      areas.of_unit.forEach((own, unit) => own === place && list.push(unit));
    }
    if (!target.value) problem.value = words.noTarget;
    else if (list.length > 0) {
      picking.value = false;
      await step([moveTo(target.value, new Set(list.filter((unit) => assignment.value?.codes[assignment.value.of[unit] ?? 0] !== target.value)))]);
      repaint();
      ids.value = "";
      area.value = "";
    }
  };
  return (
    <details>
      <summary>{words.byList}</summary>
      <p class="field">
        <label for="draw-ids">{words.byListIds}</label>
        <textarea id="draw-ids" rows={2} value={ids.value} onInput={(event) => (ids.value = event.currentTarget.value)} />
      </p>
      {areas && (
        <Select
          id="draw-area"
          label={words.byListArea}
          value={area.value}
          options={[["", "—"], ...areas.codes.map((code, place) => [code, areas.names[place] ?? code] as [string, string]).sort(([, a], [, b]) => (folded(a) < folded(b) ? -1 : 1))]}
          change={(value) => (area.value = value)}
        />
      )}
      {problem.value && <Alert>{problem.value}</Alert>}
      <button type="button" onClick={() => void go()}>
        {words.byListGo}
      </button>
    </details>
  );
}

export function Locks() {
  const words = t.value.draw;
  const all = base.value?.codes ?? [];
  const lockTerritory = () => {
    const [level, code] = lockCode.value.split(" ");
    const inside = territories.value.filter((known) => {
      if (known.level !== "clsc") return false;
      const parents = known.parents as Record<string, { code: string }[] | undefined>;
      return level === "clsc" ? known.code === code : (parents[level ?? ""] ?? []).some((parent) => parent.code === code);
    });
    locked.value = new Set([...locked.value, ...inside.map((known) => known.code)]);
  };
  return (
    <details>
      <summary>
        {words.locks} ({words.lockedCount(whole(locked.value.size), whole(all.length))})
      </summary>
      <p class="hint">{words.lockHelp}</p>
      <p class="row">
        <button type="button" onClick={() => (locked.value = new Set(all))}>
          {words.lockAll}
        </button>
        <button type="button" onClick={() => (locked.value = new Set())}>
          {words.lockNone}
        </button>
      </p>
      <Select id="draw-lock" label={words.lockOne} value={lockCode.value} options={[["", "—"], ...territories.value.map((known) => [`${known.level} ${known.code}`, `${t.value.short[known.level]} ${known.code} ${known.name}`] as [string, string])]} change={(value) => (lockCode.value = value)} />
      <button type="button" disabled={!lockCode.value} onClick={lockTerritory}>
        {words.lockGo}
      </button>
    </details>
  );
}
