// Colours of the map: of territories told apart, of people against their range, of what became of a territory.
import type { ExpressionSpecification } from "maplibre-gl";

/** Told apart from one another, and from black limits and labels, by colour-blind people too. */
const APART = ["#8dd3c7", "#ffe08a", "#bebada", "#fb9a87", "#8fbfe0", "#fdbf6f", "#b5d96c", "#f5bcdc", "#c9c3b1", "#a3d5ee"];

export const NOTHING = "#d7dde2";

/** The colour of the territory at a place in its list. Neighbours, whose codes are near, get others. */
export function apart(place: number): string {
  return APART[(place * 7) % APART.length] ?? NOTHING;
}

export interface Step {
  colour: string;
  label: (words: { under: string; within: string; over: string; far: string }) => string;
}

export const RANGE: { colour: string; from: number; name: "under" | "within" | "over" | "far" }[] = [
  { colour: "#6aaed6", from: 0, name: "under" },
  { colour: "#b8e0a8", from: 25_000, name: "within" },
  { colour: "#fdc078", from: 50_001, name: "over" },
  { colour: "#e8684a", from: 100_001, name: "far" },
];

export function ofPeople(people: number | null | undefined): string {
  if (people === null || people === undefined) return NOTHING;
  return [...RANGE].reverse().find((step) => people >= step.from)?.colour ?? NOTHING;
}

const DENSITY = ["#edf8fb", "#b2e2e2", "#66c2a4", "#2ca25f", "#006d2c"];
export const DENSITY_STEPS = [0, 1, 50, 500, 3000];

export function ofDensity(value: number): string {
  const place = DENSITY_STEPS.findLastIndex((from) => value >= from);
  return DENSITY[Math.max(place, 0)] ?? NOTHING;
}

export const CHANGES: Record<string, string> = {
  unchanged: "#e4e8eb",
  renamed: "#c5dff2",
  recoded: "#a6c8ec",
  parent_changed: "#c9b6e4",
  boundary_shift: "#fdc078",
  split: "#f2955f",
  merged: "#e8684a",
  complex: "#c9406b",
  created: "#7fc97f",
  abolished: "#8a8f94",
};

export const GRADES: Record<string, string> = { good: "#b8e0a8", fair: "#ffe08a", weak: "#fdb067", poor: "#e8684a" };

/** A colour for each code. */
export function byCode(colours: Map<string, string>): ExpressionSpecification | string {
  if (colours.size === 0) return NOTHING;
  const pairs = [...colours].flat();
  return ["match", ["get", "code"], ...pairs, NOTHING] as unknown as ExpressionSpecification;
}
