// A file on its way: read piece by piece in the browser, attached piece by piece by the server, kept by neither.
import { signal } from "@preact/signals";
import { Refused, type Schema, Unreachable, ask, post, query } from "../api";
import { mainMap } from "../map/main";
import { point } from "../map/view";
import { editionId } from "../state";
import { t } from "../texts";
import { attempt, told } from "../ui";
import { cutPoint, parse, separatorOf, write } from "./csv";

export type Description = Schema["TableDescription"];
type Answer = Schema["Answered"];

/** Bytes that are sent at a time. */
const PIECE = 1 << 20;
/** Largest part of a file that is described, and largest workbook. */
const HEAD = 256 << 10;
const MOST_WORKBOOK = 32 << 20;
/** Rows to review that are kept for the person. */
const MOST_REVIEWED = 500;

export const file = signal<File | null>(null);
export const table = signal<Description | null>(null);
export const isHead = signal(false);
export const roles = signal<Record<string, string>>({});
export const automatic = signal(true);
export const problem = signal("");
export const running = signal(false);
export const done = signal<[number, number] | null>(null);
export const counts = signal<Map<string, number>>(new Map());
export const finished = signal(false);

export interface Row {
  /** Its place among all rows that came back, from 0. */
  place: number;
  names: string[];
  fields: string[];
  chosen: boolean;
}
export const review = signal<Row[]>([]);
export const reviewed = signal(0);
export const candidates = signal<NonNullable<NonNullable<Answer["match"]>["alternatives"]>>([]);

/** The file as CSV: itself, or what the server made of a workbook. */
let source: Blob | null = null;
/** Bytes of the header, with the titles above it. */
let headerBytes = 0;
/** Bytes done, and what came back for them. */
let offset = 0;
let header: Uint8Array | null = null;
let parts: Blob[] = [];
let names: string[] = [];
let separator = ",";
let rows = 0;
const changed = new Map<number, string[]>();
let stopping: AbortController | null = null;

const fail = (words: string) => (problem.value = words);

/** Whether bytes are a workbook or anything that is no text: the server reads it as a whole. */
function isPacked(head: Uint8Array): boolean {
  const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return wide || head.slice(0, 4000).includes(0);
}

/** Looks at a file. */
export async function choose(chosen: File): Promise<void> {
  reset();
  file.value = chosen;
  await attempt(async () => {
    const head = new Uint8Array(await chosen.slice(0, HEAD).arrayBuffer());
    const packed = isPacked(head);
    if (packed && chosen.size > MOST_WORKBOOK) throw new Refused(413, "body-too-large", t.value.files.tooLarge);
    let bytes: Blob = chosen;
    isHead.value = false;
    if (!packed && chosen.size > HEAD) {
      const cut = cutPoint(head, false);
      bytes = new Blob([head.slice(0, cut)]);
      isHead.value = true;
    }
    const found = await (await ask("v1/tables", { body: bytes, type: "application/octet-stream", accept: "application/json" })).json();
    table.value = found as Description;
    roles.value = Object.fromEntries((found as Description).columns.map((name) => [name, roleOf(found as Description, name)]));
    headerBytes = packed ? 0 : headerEnd(head, (found as Description).columns);
    source = packed ? await (await ask(query("v1/tables", { format: "csv" }), { body: chosen, type: "application/octet-stream" })).blob() : chosen;
  }, fail);
}

/** Where the header ends: titles may stand above it. */
function headerEnd(head: Uint8Array, columns: string[]): number {
  let start = 0;
  for (let row = 0; row < 40; row += 1) {
    const end = head.indexOf(0x0a, start);
    if (end < 0) break;
    const line = decode(head.slice(start, end + 1)).replace(/^\uFEFF/, "");
    const names = (parse(line, separatorOf(line))[0] ?? []).map((name) => name.trim());
    start = end + 1;
    if (columns.every((name, place) => names[place] === name)) return start;
  }
  return Math.max(head.indexOf(0x0a) + 1, 0);
}

/** What the program takes a column for, as one of the roles that can be corrected. */
function roleOf(found: Description, name: string): string {
  const words = found.used.find((known) => known.column === name)?.english ?? "";
  if (/latitude/i.test(words)) return "lat";
  if (/longitude/i.test(words)) return "lon";
  if (/postal/i.test(words)) return "postal_code";
  if (/^address|whole address/i.test(words)) return "address";
  return words ? "other" : "none";
}

function reset(): void {
  stopping?.abort();
  problem.value = "";
  table.value = null;
  done.value = null;
  counts.value = new Map();
  review.value = [];
  reviewed.value = 0;
  candidates.value = [];
  finished.value = false;
  running.value = false;
  automatic.value = true;
  source = null;
  offset = 0;
  header = null;
  headerBytes = 0;
  parts = [];
  names = [];
  rows = 0;
  changed.clear();
}

/** Attaches what is left of the file. */
export async function run(): Promise<void> {
  const all = source;
  if (!all || running.value) return;
  running.value = true;
  problem.value = "";
  stopping = new AbortController();
  const signal = stopping.signal;
  try {
    while (offset < all.size && !signal.aborted) {
      let bytes = new Uint8Array(await all.slice(offset, offset + PIECE).arrayBuffer());
      let isLast = offset + bytes.length >= all.size;
      let cut = cutPoint(bytes, isLast);
      if (cut === 0) {
        // A record longer than a piece, or a quote that is never closed: what is left is one piece, up to a limit.
        bytes = new Uint8Array(await all.slice(offset, offset + 16 * PIECE).arrayBuffer());
        isLast = offset + bytes.length >= all.size;
        cut = cutPoint(bytes, isLast) || bytes.length;
      }
      let piece: Uint8Array = bytes.slice(0, cut);
      if (!header) {
        header = piece.slice(0, headerBytes || piece.indexOf(0x0a) + 1);
      } else {
        const joined = new Uint8Array(header.length + piece.length);
        joined.set(header);
        joined.set(piece, header.length);
        piece = joined;
      }
      await attach(piece, signal);
      offset += cut;
      done.value = [offset, all.size];
    }
    finished.value = offset >= all.size;
  } catch (error) {
    if (!signal.aborted) problem.value = error instanceof Unreachable ? t.value.files.stopped : told(error);
  } finally {
    running.value = false;
  }
}

export function stop(): void {
  stopping?.abort();
}

async function attach(piece: Uint8Array, signal: AbortSignal): Promise<void> {
  const named = automatic.value
    ? {}
    : Object.fromEntries(["lat", "lon", "address", "postal_code"].map((role) => [`${role}_column`, Object.keys(roles.value).find((name) => roles.value[name] === role)]));
  const response = await ask(query("v1/batch", { edition: editionId.value, ...named }), { body: new Blob([piece as BlobPart]), type: "text/csv", signal });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = decode(bytes);
  const first = names.length === 0;
  const before = text.slice(0, text.indexOf("rattache_status"));
  if (first) separator = separatorOf(text.slice(before.lastIndexOf("\n") + 1).split("\n")[0] ?? "");
  const above = before.split("\n").length;
  const records = parse(text, separator).slice(above - 1);
  if (first) names = (records[0] ?? []).map((name) => name.replace(/^\uFEFF/, ""));
  const status = names.indexOf("rattache_status");
  const found = new Map(counts.value);
  const fresh: Row[] = [];
  for (const fields of records.slice(1)) {
    const word = fields[status] ?? "";
    found.set(word, (found.get(word) ?? 0) + 1);
    if (word !== "resolved" && review.value.length + fresh.length < MOST_REVIEWED) fresh.push({ place: rows, names, fields, chosen: false });
    rows += 1;
  }
  counts.value = found;
  if (fresh.length > 0) review.value = [...review.value, ...fresh];
  // The header stands once.
  const skip = first ? 0 : linesLength(bytes, above);
  parts.push(new Blob([bytes.slice(skip) as BlobPart]));
  if (parts.length === 1 && review.value.length > 0) void look(0);
}

function linesLength(bytes: Uint8Array, lines: number): number {
  let end = 0;
  for (let line = 0; line < lines; line += 1) {
    const found = bytes.indexOf(0x0a, end);
    if (found < 0) return bytes.length;
    end = found + 1;
  }
  return end;
}

/** Text in UTF-8, or as Windows has it where it is not. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Rows that have been done. */
export function rowCount(): number {
  return rows;
}

/** Shows a row to review, with what it could be. */
export async function look(at: number): Promise<void> {
  reviewed.value = at;
  candidates.value = [];
  const row = review.value[at];
  if (!row) return;
  const asked = addressOf(row);
  if (!asked) return;
  await attempt(async () => {
    const answer = await post<Answer>("v1/resolve", { address: asked, edition: editionId.value });
    if (reviewed.value !== at) return;
    const best = answer.match?.position && answer.match.result_label ? [answer.match as unknown as (typeof candidates.value)[number]] : [];
    candidates.value = [...best, ...(answer.match?.alternatives ?? [])].slice(0, 9);
    const places = candidates.value.map((known) => known.position as { lon: number; lat: number });
    const map = mainMap.value;
    await map?.overlay("asked", places.map((place) => point(place.lon, place.lat)));
    if (places.length > 0) {
      const [xs, ys] = [places.map((place) => place.lon), places.map((place) => place.lat)];
      map?.fit([Math.min(...xs) - 0.01, Math.min(...ys) - 0.01, Math.max(...xs) + 0.01, Math.max(...ys) + 0.01], 13);
    }
  }, () => undefined);
}

/** The address of a row, of the columns that were taken for one. */
function addressOf(row: Row): string {
  const used = new Set((table.value?.used ?? []).filter((known) => !/latitude|longitude/i.test(known.english)).map((known) => known.column));
  const wanted = (name: string) => (automatic.value ? used.has(name) : ["address", "postal_code"].includes(roles.value[name] ?? ""));
  return row.names.map((name, place) => (wanted(name) ? (row.fields[place] ?? "") : "")).filter((text) => text.trim() !== "").join(", ");
}

/** Takes a place for the row that is shown: its territories are asked anew. */
export async function take(label: string, position: { lon: number; lat: number }): Promise<void> {
  const at = reviewed.value;
  const row = review.value[at];
  if (!row) return;
  await attempt(async () => {
    const answer = await post<Answer>("v1/resolve", { lat: position.lat, lon: position.lon, edition: editionId.value });
    const fields = [...row.fields];
    const set = (name: string, value: string | null | undefined) => {
      const place = row.names.indexOf(`rattache_${name}`);
      if (place >= 0) fields[place] = value ?? "";
    };
    const home = answer.lineage;
    set("status", "resolved");
    set("reason", "");
    set("method", "manual");
    set("matched_label", label);
    set("da", answer.dissemination_area);
    for (const level of ["clsc", "rls", "rts", "rss", "ruisss"] as const) {
      set(`${level}_code`, home?.[level].code);
      set(`${level}_name`, home?.[level].name);
    }
    set("border_m", answer.border_m === null || answer.border_m === undefined ? "" : String(answer.border_m));
    set("runner_up_clsc", answer.runner_up?.code);
    changed.set(row.place, fields);
    const before = row.fields[row.names.indexOf("rattache_status")] ?? "";
    const found = new Map(counts.value);
    if (!row.chosen) {
      found.set(before, (found.get(before) ?? 1) - 1);
      found.set("resolved", (found.get("resolved") ?? 0) + 1);
    }
    counts.value = found;
    review.value = review.value.map((known, place) => (place === at ? { ...known, chosen: true } : known));
  }, fail);
}

/** The whole result, with what the person chose. */
export async function result(): Promise<Blob> {
  if (changed.size === 0) return new Blob(parts, { type: "text/csv" });
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  const records = parse(decode(bytes), separator);
  // Titles may stand above the header.
  const head = records.findIndex((fields) => fields.includes("rattache_status"));
  const lines = records.map((fields, at) => write(changed.get(at - head - 1) ?? fields, separator));
  return new Blob(["\uFEFF", ...lines.map((line, at) => (at === 0 ? line.replace(/^\uFEFF/, "") : line))], { type: "text/csv" });
}
