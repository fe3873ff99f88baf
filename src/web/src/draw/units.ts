// The units of the atlas and the CLSC of each, as lists that are loaded once.
import { type Schema, get } from "../api";

export type Units = Schema["UnitList"] & { numbers: Map<string, number> };

/** The areas by which many units are taken at once. */
export type AreaKind = "municipalities" | "mrc" | "tracts";

let units: Promise<Units> | null = null;

export function loadUnits(): Promise<Units> {
  units ??= get<Schema["UnitList"]>("v1/units").then((list) => ({ ...list, numbers: new Map(list.ids.map((id, number) => [id, number])) }));
  units.catch(() => (units = null));
  return units;
}

export interface Assignment {
  /** Codes of CLSC; those that are new stand at the end. */
  codes: string[];
  /** For each unit, the place of its CLSC among them. */
  of: Uint16Array;
}

const assignments = new Map<string, Promise<Assignment>>();

export function loadAssignment(edition: string): Promise<Assignment> {
  let known = assignments.get(edition);
  if (!known) {
    known = get<Schema["Assignments"]>(`v1/editions/${encodeURIComponent(edition)}/assignments`).then((list) => ({ codes: list.clsc, of: Uint16Array.from(list.clsc_of_unit) }));
    assignments.set(edition, known);
    known.catch(() => assignments.delete(edition));
  }
  return known;
}

/** The assignment of an edition with units that moved. */
export function withMoves(base: Assignment, moved: Record<string, number[]>): Assignment {
  const codes = [...base.codes];
  const of = base.of.slice();
  for (const [code, list] of Object.entries(moved)) {
    let place = codes.indexOf(code);
    if (place < 0) place = codes.push(code) - 1;
    for (const unit of list) of[unit] = place;
  }
  return { codes, of };
}

/** Whether a position lies in a ring of positions. */
export function inRing(x: number, y: number, ring: [number, number][]): boolean {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
    const [[ax, ay], [bx, by]] = [ring[at] ?? [0, 0], ring[before] ?? [0, 0]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
