// Suggestions of the server: moves of one unit, and maps that weigh better, each applied by a click.
import { signal } from "@preact/signals";
import { type Schema, post } from "../api";
import { mainMap } from "../map/main";
import { t, whole } from "../texts";
import { Alert, attempt } from "../ui";
import { locked, repaint, setPicked, target } from "./map";
import { operations, step, units, work } from "./scenario";

type Move = Schema["SuggestedMove"];
type Found = Schema["SuggestedMap"];

const around = signal(true);
const moves = signal<Move[] | null>(null);
const maps = signal<Found[] | null>(null);
const problem = signal("");
let searching: AbortController | null = null;
const busy = signal(false);

function asked(): Record<string, unknown> {
  const within = around.value && target.value ? [target.value.slice(0, 3)] : [];
  return { base: work.value?.base, operations: operations.value, locked_clsc: [...locked.value], ...(within.length > 0 ? { within } : {}) };
}

async function findMoves(): Promise<void> {
  problem.value = "";
  const found = await attempt(() => post<Schema["SuggestedMoves"]>("v1/revisions/moves", { ...asked(), most: 20 }), (words) => (problem.value = words));
  if (found) moves.value = found.moves;
}

/** Searches with one seed after the other: what each finds is shown as it comes. */
async function findMaps(): Promise<void> {
  problem.value = "";
  maps.value = [];
  busy.value = true;
  searching = new AbortController();
  const mine = searching;
  for (let seed = 1; seed <= 5 && !mine.signal.aborted; seed += 1) {
    const found = await attempt(
      () => post<Schema["SuggestedMaps"]>("v1/revisions/search", { ...asked(), seed, seconds: 2, most: 10 }, mine.signal),
      (words) => (problem.value = words),
    );
    if (!found) break;
    maps.value = best([...(maps.value ?? []), ...found.proposals]);
  }
  busy.value = false;
}

/** Those that no other beats in all, best first. */
function best(list: Found[]): Found[] {
  const meets = (a: Found, b: Found) => b.score.moved_people <= a.score.moved_people && b.score.in_range >= a.score.in_range && b.score.series_broken <= a.score.series_broken;
  const kept = list.filter((one, place) => !list.some((other, at) => at !== place && meets(one, other) && (at < place || !meets(other, one))));
  return kept.sort((a, b) => b.score.in_range - a.score.in_range || a.score.moved_people - b.score.moved_people).slice(0, 20);
}

function unitsOf(found: Found): number[] {
  const { operation } = found;
  if (operation.op !== "move_units") return [];
  return operation.transfers.flatMap((transfer) => transfer.units).map((id) => units.value?.numbers.get(id)).filter((unit) => unit !== undefined);
}

function goTo(list: number[]): void {
  setPicked(new Set(list));
  const points = units.value?.points ?? [];
  const [xs, ys] = [list.map((unit) => points[unit * 2] ?? 0), list.map((unit) => points[unit * 2 + 1] ?? 0)];
  if (list.length > 0) mainMap.value?.fit([Math.min(...xs) - 0.02, Math.min(...ys) - 0.02, Math.max(...xs) + 0.02, Math.max(...ys) + 0.02], 12);
}

export function Suggest() {
  const words = t.value.draw;
  return (
    <details>
      <summary>{words.suggest}</summary>
      <p class="field check">
        <input id="suggest-around" type="checkbox" checked={around.value} onChange={(event) => (around.value = event.currentTarget.checked)} /> <label for="suggest-around">{words.suggestWhere}</label>
      </p>
      <p class="row">
        <button type="button" onClick={() => void findMoves()}>
          {words.suggestMoves}
        </button>
        {busy.value ? (
          <button type="button" onClick={() => searching?.abort()}>
            {words.suggestStop}
          </button>
        ) : (
          <button type="button" onClick={() => void findMaps()}>
            {words.suggestMaps}
          </button>
        )}
      </p>
      {problem.value && <Alert>{problem.value}</Alert>}
      <div aria-live="polite">
        {busy.value && <p class="hint">{t.value.loading}</p>}
        {maps.value && (maps.value.length > 0 || !busy.value) && (
          <>
            <p class="hint">{maps.value.length > 0 ? words.suggestFound(maps.value.length) : words.suggestNone}</p>
            <ul class="choices" id="suggested-maps">
              {maps.value.map((found, place) => (
                <li key={place} class="row">
                  <span>{words.suggestMap(whole(found.score.in_range), whole(found.score.moved_people))}</span>
                  <button type="button" onClick={() => goTo(unitsOf(found))}>
                    {words.show}
                  </button>
                  <button type="button" onClick={() => void step([found.operation]).then((taken) => { if (taken) setPicked(new Set()); repaint(); })}>
                    {t.value.apply}
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        {moves.value && (
          <ul class="choices" id="suggested-moves">
            {moves.value.map((move) => (
              <li key={`${move.unit} ${move.to}`} class="row">
                <span>{words.suggestMove(move.unit, move.from, move.to, whole(move.people))}</span>
                <button type="button" onClick={() => goTo([move.number])}>
                  {words.show}
                </button>
                <button
                  type="button"
                  onClick={() =>
                    void step([{ op: "move_units", transfers: [{ to: move.to, units: [move.unit] }] }]).then((taken) => {
                      if (taken) moves.value = (moves.value ?? []).filter((other) => other !== move);
                      setPicked(new Set());
                      repaint();
                    })
                  }
                >
                  {t.value.apply}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  );
}
