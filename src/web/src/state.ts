// What the parts of the page share: what is looked at, which stands in the URL, and what the server has.
import { computed, effect, signal } from "@preact/signals";
import { type Schema, get, query } from "./api";

export type Level = "da" | "clsc" | "rls" | "rts" | "rss" | "ruisss";
export const TERRITORIAL: Level[] = ["clsc", "rls", "rts", "rss", "ruisss"];
export type Part = "ask" | "look" | "draw" | "files" | "series";
export const PARTS: Part[] = ["ask", "look", "draw", "files", "series"];

export type Edition = Schema["EditionSummary"];
export type Territory = Schema["TerritoryDetail"];

export const part = signal<Part>("ask");
export const editionId = signal("");
export const level = signal<Level>("clsc");
export const chosenCode = signal("");
export const colour = signal("level");
export const compareId = signal("");
export const compareMode = signal<"swipe" | "side">("swipe");
/** Zoom, latitude and longitude of the middle of the map. */
export const place = signal<[number, number, number] | null>(null);

export const editions = signal<Edition[]>([]);
export const atlas = signal<Schema["AtlasSummary"] | null>(null);
export const isDemo = computed(() => (atlas.value?.sources ?? []).some((source) => source.role === "demo"));
export const edition = computed(() => editions.value.find((known) => known.id === editionId.value) ?? null);
export const territories = signal<Territory[]>([]);

/** A territory of the edition that is looked at. */
export function territoryOf(wanted: Level, code: string): Territory | undefined {
  return territories.value.find((known) => known.level === wanted && known.code === code);
}

/** Reads the view that a link holds: territories, never a question. */
export function readUrl(): void {
  const hash = location.hash.replace(/^#/, "");
  const [first, rest] = hash.split("?");
  if (PARTS.includes(first as Part)) part.value = first as Part;
  const given = new URLSearchParams(rest ?? "");
  editionId.value = given.get("edition") ?? editionId.value;
  const asked = given.get("level");
  if (asked && (TERRITORIAL as string[]).includes(asked)) level.value = asked as Level;
  chosenCode.value = given.get("code") ?? "";
  colour.value = given.get("colour") ?? "level";
  compareId.value = given.get("with") ?? "";
  compareMode.value = given.get("layout") === "side" ? "side" : "swipe";
  const numbers = (given.get("map") ?? "").split("/").map(Number);
  if (numbers.length === 3 && numbers.every(Number.isFinite)) place.value = numbers as [number, number, number];
}

function viewUrl(): string {
  const values: Record<string, string> = {};
  const inForce = editions.value.find((known) => known.in_force);
  if (editionId.value && editionId.value !== inForce?.id) values.edition = editionId.value;
  if (level.value !== "clsc") values.level = level.value;
  if (chosenCode.value && part.value === "look") values.code = chosenCode.value;
  if (colour.value !== "level") values.colour = colour.value;
  if (compareId.value) values.with = compareId.value;
  if (compareId.value && compareMode.value === "side") values.layout = "side";
  // Where a question was asked, the map stands where the answer is: that is nobody's business.
  if (place.value && part.value !== "ask") values.map = place.value.join("/");
  const pairs = Object.entries(values).map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2F", "/")}`);
  return `#${part.value}${pairs.length > 0 ? `?${pairs.join("&")}` : ""}`;
}

/** Keeps the URL true from now on. */
export function followUrl(): void {
  effect(() => {
    const url = viewUrl();
    if (url !== location.hash) history.replaceState(null, "", url);
  });
  addEventListener("hashchange", readUrl);
}

/** What the page needs before anything can be shown. */
export async function loadStart(): Promise<void> {
  const [list, summary] = await Promise.all([get<Edition[]>("v1/editions"), get<Schema["AtlasSummary"]>("v1/atlas")]);
  editions.value = list;
  atlas.value = summary;
  if (!list.some((known) => known.id === editionId.value)) {
    editionId.value = (list.find((known) => known.in_force) ?? list[list.length - 1])?.id ?? "";
  }
}

const lists = new Map<string, Territory[]>();

/** The territories of an edition, every level but the units. */
export async function listTerritories(id: string): Promise<Territory[]> {
  const known = lists.get(id);
  if (known) return known;
  const list = await get<Territory[]>(query("v1/territories", { edition: id }));
  lists.set(id, list);
  return list;
}

/** Text as people search it: no accents, no capitals, no punctuation. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}
