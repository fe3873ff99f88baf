// A series on its way: checked and brought to an edition by the server, kept by neither.
import { computed, signal } from "@preact/signals";
import { type Schema, ask, query } from "../api";
import { editionId } from "../state";
import { attempt } from "../ui";

export type Checked = Schema["CheckAnswer"];
export type Bridged = Schema["BridgeAnswer"];
type CheckedRow = Schema["CheckedRow"];
type BridgedRow = Schema["BridgedRow"];

export const file = signal<File | null>(null);
export const to = signal("");
export const from = signal<string[]>([]);
export const level = signal("");
export const measure = signal("");
export const checked = signal<Checked | null>(null);
export const bridged = signal<Bridged | null>(null);
export const problem = signal("");
export const busy = signal(false);
export const verdict = signal("");
export const wanted = signal("");

let csv: Blob | null = null;

const fail = (words: string) => (problem.value = words);

function asked(more: Record<string, string> = {}): Record<string, string | undefined> {
  const list = from.value.length > 0 ? [...from.value, ...(from.value.includes(target()) ? [] : [target()])].join(",") : undefined;
  return { to: target(), editions: list, level: level.value || undefined, measure: measure.value || undefined, ...more };
}

export function target(): string {
  return to.value || editionId.value;
}

/** Takes a file; a workbook is made plain by the server first. */
export async function choose(chosen: File): Promise<void> {
  file.value = chosen;
  problem.value = "";
  checked.value = null;
  bridged.value = null;
  csv = null;
  await attempt(async () => {
    const head = new Uint8Array(await chosen.slice(0, 4000).arrayBuffer());
    csv = head.includes(0) ? await (await ask(query("v1/tables", { format: "csv" }), { body: chosen, type: "application/octet-stream" })).blob() : chosen;
  }, fail);
}

export async function run(): Promise<void> {
  const body = csv;
  if (!body) return;
  busy.value = true;
  problem.value = "";
  await attempt(async () => {
    const send = async (path: string) => (await ask(query(path, asked({ format: "json" })), { body, type: "text/csv" })).json();
    checked.value = (await send("v1/series/check")) as Checked;
    bridged.value = (await send("v1/series/bridge")) as Bridged;
  }, fail);
  busy.value = false;
}

/** The same as a file. */
export async function asCsv(what: "check" | "bridge"): Promise<Blob | undefined> {
  const body = csv;
  if (!body) return undefined;
  return attempt(async () => (await ask(query(`v1/series/${what}`, asked({ format: "csv" })), { body, type: "text/csv" })).blob(), fail);
}

export interface Point {
  period: string;
  published: number | null;
  bridged: number | null;
  interval: [number, number] | null;
  verdict: string;
}

export interface Line {
  key: string;
  code: string;
  name: string;
  indicator: string;
  points: Point[];
  touched: boolean;
}

/** A value of a cell; what is no number, such as a count that was suppressed, is none. */
export function number(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  return null;
}

function keyOf(row: CheckedRow | BridgedRow): string {
  return [row.level, row.code, row.indicator, row.age, row.sex].join(" ");
}

function intervalOf(row: BridgedRow): [number, number] | null {
  const known = (row as { interval_95?: { low: number; high: number } | null }).interval_95;
  return known ? [known.low, known.high] : null;
}

/** Each series of the table, with what it was and what it would be. */
export const lines = computed<Line[]>(() => {
  const all = new Map<string, Line>();
  const line = (row: CheckedRow | BridgedRow) => {
    const key = keyOf(row);
    let known = all.get(key);
    if (!known) {
      known = { key, code: row.code, name: (row as { name?: string }).name ?? "", indicator: row.indicator, points: [], touched: false };
      all.set(key, known);
    }
    return known;
  };
  const at = (known: Line, period: string) => {
    let found = known.points.find((point) => point.period === period);
    if (!found) {
      found = { period, published: null, bridged: null, interval: null, verdict: "" };
      known.points.push(found);
    }
    return found;
  };
  for (const row of checked.value?.cells ?? []) {
    const known = line(row);
    const found = at(known, row.period);
    found.published = number(row.value);
    found.verdict = row.verdict;
    if (row.verdict !== "unaffected") known.touched = true;
  }
  for (const row of bridged.value?.cells ?? []) {
    const known = line(row);
    known.name ||= (row as { name?: string }).name ?? "";
    const found = at(known, row.period);
    found.bridged = number(row.value);
    found.interval = intervalOf(row);
  }
  const list = [...all.values()];
  for (const known of list) known.points.sort((a, b) => (a.period < b.period ? -1 : 1));
  return list;
});

export const rows = computed(() => {
  const text = wanted.value.trim().toLowerCase();
  return lines.value.flatMap((known) =>
    known.points.filter((found) => (!verdict.value || found.verdict === verdict.value) && (!text || `${known.code} ${known.name} ${found.period}`.toLowerCase().includes(text))).map((found) => ({ known, found })),
  );
});
