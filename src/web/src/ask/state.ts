// A question and its answer: kept in memory only, sent as a body only.
import { signal } from "@preact/signals";
import { type Schema, get, post, query } from "../api";
import { mainMap } from "../map/main";
import { circle, point } from "../map/view";
import { editionId } from "../state";
import { attempt } from "../ui";

export type Answer = Schema["Answered"];
type Read = { lat?: number; lon?: number; postal_code?: string; address?: string };
type Page = Schema["TerritoryPage"];

export const typed = signal("");
export const uncertainty = signal("");
export const asOf = signal("");
export const answer = signal<Answer | null>(null);
export const askedPoint = signal<[number, number] | null>(null);
export const points = signal<{ code: string; name: string; metres: number | null; address?: string }[] | null>(null);
export const problem = signal("");
export const busy = signal(false);
export const completions = signal<string[]>([]);

let asking: AbortController | null = null;

/** Asks about what is typed. */
export async function askTyped(): Promise<void> {
  const q = typed.value.trim();
  if (!q) return;
  await run(async (signal) => {
    const read = await post<Read>("v1/places/read", { q }, signal);
    return question(read, signal);
  });
}

/** Asks about a place of the map. */
export async function askPoint(lon: number, lat: number): Promise<void> {
  typed.value = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  await run((signal) => question({ lat, lon }, signal));
}

/** Asks about one of several candidates. */
export async function askCandidate(label: string): Promise<void> {
  typed.value = label;
  await run((signal) => question({ address: label }, signal));
}

async function question(read: Read, signal: AbortSignal): Promise<void> {
  const metres = Number(uncertainty.value.replace(",", "."));
  const when = asOf.value ? { as_of: asOf.value } : { edition: editionId.value };
  const asked = { ...read, ...when, ...(uncertainty.value.trim() && Number.isFinite(metres) ? { uncertainty_m: metres } : {}) };
  const found = await post<Answer>("v1/resolve", asked, signal);
  const where: [number, number] | null =
    read.lon !== undefined && read.lat !== undefined ? [read.lon, read.lat] : found.match?.position ? lonLat(found.match.position) : null;
  answer.value = found;
  askedPoint.value = where;
  void show(found, where, metres);
  await findPoints(found, where, signal);
}

function lonLat(position: unknown): [number, number] {
  const known = position as { lon?: number; lat?: number } | [number, number];
  return Array.isArray(known) ? known : [known.lon ?? 0, known.lat ?? 0];
}

async function run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  asking?.abort();
  asking = new AbortController();
  const mine = asking;
  problem.value = "";
  completions.value = [];
  busy.value = true;
  await attempt(
    () => work(mine.signal),
    (words) => {
      answer.value = null;
      points.value = null;
      problem.value = words;
    },
  );
  if (asking === mine) busy.value = false;
}

/** Draws the question, its doubt and what could be instead. */
async function show(found: Answer, where: [number, number] | null, stated: number): Promise<void> {
  const map = mainMap.value;
  if (!map) return;
  const features: GeoJSON.Feature[] = [];
  const codes = new Set<string>();
  const metres = stated > 0 ? stated : (found.match?.uncertainty_m ?? 0);
  if (where) {
    if (metres > 0) features.push(circle(where[0], where[1], metres));
    features.push(point(where[0], where[1]));
  }
  for (const other of found.match?.alternatives ?? []) {
    const [lon, lat] = lonLat(other.position);
    if (!where) features.push(point(lon, lat));
  }
  await map.overlay("asked", features);
  for (const known of found.territories ?? []) codes.add(known.clsc.code);
  for (const known of found.certainty?.clsc ?? []) codes.add(known.code);
  const home = found.lineage?.clsc.code ?? "";
  if (found.runner_up && (found.certainty?.stable === false || (found.border_m ?? Infinity) < Math.max(metres, 100))) codes.add(found.runner_up.code);
  map.choose(home);
  const id = found.edition.id;
  const outlines = [...codes].filter((code) => code !== home).slice(0, 12).map((code) => get<GeoJSON.Feature>(query(`v1/territories/clsc/${code}/geometry`, { edition: id })));
  await map.overlay("beyond", await Promise.all(outlines));
  if (where) map.fit([where[0] - 0.04, where[1] - 0.03, where[0] + 0.04, where[1] + 0.03], 13);
  else if (features.length > 0) {
    const all = features.map((feature) => (feature.geometry as GeoJSON.Point).coordinates as [number, number]);
    const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
    map.fit([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], 12);
  } else if (codes.size > 0) {
    const boxes = await Promise.all([...codes].slice(0, 12).map((code) => get<{ bbox?: [number, number, number, number] | null }>(query(`v1/territories/clsc/${code}`, { edition: id }))));
    const known = boxes.map((page) => page.bbox).filter((box) => box !== null && box !== undefined);
    if (known.length > 0) map.fit([Math.min(...known.map((b) => b[0])), Math.min(...known.map((b) => b[1])), Math.max(...known.map((b) => b[2])), Math.max(...known.map((b) => b[3]))]);
  }
}

async function findPoints(found: Answer, where: [number, number] | null, signal: AbortSignal): Promise<void> {
  points.value = null;
  const code = found.lineage?.clsc.code;
  if (!code) return;
  const page = await get<Page>(query(`v1/territories/clsc/${code}`, { edition: found.edition.id }), signal);
  const list = page.installations.map((known) => ({
    code: known.code,
    name: known.name,
    address: (known as { address?: string }).address,
    metres: where ? metresBetween(where, [known.lon, known.lat]) : null,
  }));
  list.sort((a, b) => (a.metres ?? 0) - (b.metres ?? 0));
  points.value = list;
}

/** As the crow flies. */
function metresBetween(a: [number, number], b: [number, number]): number {
  const rad = Math.PI / 180;
  const [dy, dx] = [(b[1] - a[1]) * rad, (b[0] - a[0]) * rad];
  const h = Math.sin(dy / 2) ** 2 + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(dx / 2) ** 2;
  return 2 * 6_371_009 * Math.asin(Math.sqrt(h));
}

let typing: AbortController | null = null;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Completes what is typed, as a body. */
export function completeLater(): void {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    typing?.abort();
    const q = typed.value.trim();
    if (q.length < 2) {
      completions.value = [];
      return;
    }
    typing = new AbortController();
    try {
      const found = await post<{ completions: { label: string }[] }>("v1/addresses/complete", { q, limit: 8 }, typing.signal);
      completions.value = found.completions.map((known) => known.label);
    } catch {
      // Given up for what was typed since, or no registry of addresses: typing goes on without help.
    }
  }, 120);
}
