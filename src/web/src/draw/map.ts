// The hand on the map: painting, lasso, areas, and the colours of the units.
import { effect, signal } from "@preact/signals";
import type { MapMouseEvent, MapTouchEvent } from "maplibre-gl";
import { mainMap } from "../map/main";
import { apart } from "../map/palette";
import type { MapView } from "../map/view";
import { part, territories } from "../state";
import { t } from "../texts";
import { announced } from "../ui";
import { type Operation, assignment, base, endStroke, held, live, preview, previewStroke, step, units, work } from "./scenario";
import { type AreaKind, inRing } from "./units";

export type Tool = "pan" | "paint" | "lasso" | "territory" | AreaKind | "target";

export const tool = signal<Tool>("pan");
export const brush = signal(1);
/** Code of the CLSC that receives. */
export const target = signal("");
/** Whether the hand picks units, instead of giving them to the target. */
export const picking = signal(false);
export const picked = signal<Set<number>>(new Set());
/** Codes of CLSC that neither give nor receive. */
export const locked = signal<Set<string>>(new Set());
/** People that each CLSC would gain or lose by the stroke under way. */
export const stroke = signal<Map<string, number>>(new Map());
/** The longest that a frame of the last stroke took, milliseconds. */
export const strokeMs = signal(0);

let view: MapView | null = null;
let shown: Uint16Array | null = null;
let marked = new Set<number>();
/** Units of the stroke under way. */
let touched: Set<number> | null = null;
let ring: [number, number][] = [];
let lastPoint: { x: number; y: number } | null = null;

export function colourOfClsc(code: string): string {
  const place = base.value?.codes.indexOf(code) ?? -1;
  return apart(place >= 0 ? place : [...code].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 997);
}

function paintUnit(unit: number, code: string): void {
  const id = units.value?.ids[unit];
  if (!id || !view) return;
  const home = base.value ? base.value.codes[base.value.of[unit] ?? 0] : code;
  view.setUnit(id, { colour: colourOfClsc(code), moved: home !== code });
}

/** Gives every unit whose CLSC changed its colour; all of them the first time. */
function paintAll(): void {
  const now = assignment.value;
  if (!view || !now || !units.value) return;
  const colours = now.codes.map(colourOfClsc);
  const homes = base.value;
  for (let unit = 0; unit < now.of.length; unit += 1) {
    const place = now.of[unit] ?? 0;
    if (shown && shown[unit] === place) continue;
    const home = homes ? homes.of[unit] === place : true;
    view.setUnit(units.value.ids[unit] ?? "", { colour: colours[place], moved: !home });
  }
  shown = now.of.slice();
}

function mark(list: Iterable<number>): void {
  const next = new Set(list);
  for (const unit of marked) if (!next.has(unit)) view?.setUnit(units.value?.ids[unit] ?? "", { bad: false });
  for (const unit of next) view?.setUnit(units.value?.ids[unit] ?? "", { bad: true });
  marked = next;
}

function markPicked(before: Set<number>, now: Set<number>): void {
  for (const unit of before) if (!now.has(unit)) view?.setUnit(units.value?.ids[unit] ?? "", { picked: false });
  for (const unit of now) view?.setUnit(units.value?.ids[unit] ?? "", { picked: true });
}

export function setPicked(now: Set<number>): void {
  markPicked(picked.value, now);
  picked.value = now;
}

/** Follows the work on the map, from now on. */
export function followDraw(map: MapView): void {
  view = map;
  shown = null;
  effect(() => {
    const drawing = part.value === "draw" && work.value !== null && assignment.value !== null;
    if (!drawing) {
      map.hideUnits();
      void map.overlay("drawn", []);
      void map.overlay("gone", []);
      shown = null;
      marked = new Set();
      return;
    }
    const id = work.value?.base ?? "";
    void (async () => {
      await map.showLevel(id, "clsc", new Map(territories.value.filter((known) => known.level === "clsc").map((known) => [known.code, "rgba(0,0,0,0)"])));
      const fresh = !map.map.getSource("units");
      await map.showUnits(id);
      if (fresh) shown = null;
      paintAll();
    })();
  });
  effect(() => {
    const told = live.value ?? preview.value;
    if (part.value !== "draw" || !told) return;
    const lines = (list: number[][][]): GeoJSON.Feature[] => [{ type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: list } }];
    const clsc = told.limits.find((known) => known.level === "clsc");
    void map.overlay("drawn", lines((clsc?.drawn ?? []) as number[][][]));
    void map.overlay("gone", lines((clsc?.gone ?? []) as number[][][]));
  });
  effect(() => {
    const numbers = units.value?.numbers;
    const ids = held.value?.concerns.flatMap((concern) => concern.units ?? []) ?? [];
    if (numbers) mark(ids.map((id) => numbers.get(id)).filter((unit) => unit !== undefined));
  });
  map.map.on("mousedown", down);
  map.map.on("mousemove", move);
  map.map.on("mouseup", up);
  map.map.on("touchstart", (event) => event.points.length === 1 && down(event));
  map.map.on("touchmove", (event) => event.points.length === 1 && move(event));
  map.map.on("touchend", up);
  map.map.on("click", click);
  addEventListener("keydown", key);
  addEventListener("mouseup", () => touched && up());
}

function working(): boolean {
  return part.value === "draw" && work.value !== null && tool.value !== "pan" && units.value !== null;
}

function unitsAt(point: { x: number; y: number }): number[] {
  if (!view?.map.getLayer("units-fill")) return [];
  const r = brush.value > 1 ? brush.value : 0;
  const box: [[number, number], [number, number]] = [[point.x - r, point.y - r], [point.x + r, point.y + r]];
  const found = view.map.queryRenderedFeatures(r > 0 ? box : [point.x, point.y], { layers: ["units-fill"] });
  return found.map((feature) => units.value?.numbers.get(String(feature.properties.code))).filter((unit) => unit !== undefined);
}

function down(event: MapMouseEvent | MapTouchEvent): void {
  if (!working() || ("button" in event.originalEvent && event.originalEvent.button !== 0)) return;
  if (tool.value !== "paint" && tool.value !== "lasso") return;
  if (tool.value === "paint" && !picking.value && !target.value) {
    announced.value = t.value.draw.noTarget;
    return;
  }
  event.preventDefault();
  touched = new Set();
  strokeMs.value = 0;
  lastPoint = event.point;
  ring = [[event.lngLat.lng, event.lngLat.lat]];
  if (tool.value === "paint") touch(unitsAt(event.point));
}

function move(event: MapMouseEvent | MapTouchEvent): void {
  if (!touched) return;
  const began = performance.now();
  if (tool.value === "lasso") {
    ring.push([event.lngLat.lng, event.lngLat.lat]);
    void view?.overlay("lasso", [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: ring } }]);
  } else {
    // A quick hand leaves no gaps.
    const from = lastPoint ?? event.point;
    const far = Math.hypot(event.point.x - from.x, event.point.y - from.y);
    const steps = Math.min(12, Math.max(1, Math.ceil(far / 8)));
    for (let part = 1; part <= steps; part += 1) {
      touch(unitsAt({ x: from.x + ((event.point.x - from.x) * part) / steps, y: from.y + ((event.point.y - from.y) * part) / steps }));
    }
    lastPoint = event.point;
  }
  strokeMs.value = Math.max(strokeMs.value, performance.now() - began);
}

/** Takes units into the stroke. */
function touch(list: number[]): void {
  if (!touched) return;
  let grown = false;
  for (const unit of list) {
    if (touched.has(unit) || (!picking.value && !mayMove(unit))) continue;
    touched.add(unit);
    grown = true;
    if (picking.value) view?.setUnit(units.value?.ids[unit] ?? "", { picked: true });
    else paintUnit(unit, target.value);
  }
  if (!grown || picking.value) return;
  stroke.value = totals(touched);
  previewStroke([moveTo(target.value, touched)]);
}

/** What a set of units would bring to the target, and take from the others: people. */
function totals(list: Iterable<number>): Map<string, number> {
  const sums = new Map<string, number>();
  const now = assignment.value;
  for (const unit of list) {
    const people = units.value?.people[unit] ?? 0;
    const from = now?.codes[now.of[unit] ?? 0] ?? "";
    sums.set(from, (sums.get(from) ?? 0) - people);
    sums.set(target.value, (sums.get(target.value) ?? 0) + people);
  }
  return sums;
}

export function clscOf(unit: number): string {
  const now = assignment.value;
  return now?.codes[now.of[unit] ?? 0] ?? "";
}

function mayMove(unit: number): boolean {
  const from = clscOf(unit);
  return from !== target.value && !locked.value.has(from) && !locked.value.has(target.value);
}

export function moveTo(code: string, list: Iterable<number>): Operation {
  const ids = [...list].map((unit) => units.value?.ids[unit] ?? "");
  return { op: "move_units", transfers: [{ to: code, units: ids }] };
}

function up(): void {
  if (!touched) return;
  const done = touched;
  touched = null;
  void view?.overlay("lasso", []);
  if (tool.value === "lasso") {
    const points = units.value?.points ?? [];
    const inside: number[] = [];
    for (let unit = 0; unit * 2 < points.length; unit += 1) if (inRing(points[unit * 2] ?? 0, points[unit * 2 + 1] ?? 0, ring)) inside.push(unit);
    void give(inside);
    return;
  }
  if (picking.value) {
    setPicked(new Set([...picked.value, ...done]));
    return;
  }
  void give([...done]);
}

/** Gives units to the target, or picks them. */
export async function give(list: number[]): Promise<void> {
  if (picking.value) {
    setPicked(new Set([...picked.value, ...list]));
    return;
  }
  if (!target.value) {
    announced.value = t.value.draw.noTarget;
    return;
  }
  const free = list.filter(mayMove);
  const stuck = list.filter((unit) => clscOf(unit) !== target.value).length - free.length;
  if (stuck > 0) announced.value = t.value.draw.lockedLeft(stuck);
  await giveAll(free);
}

async function giveAll(list: number[]): Promise<void> {
  endStroke();
  if (list.length > 0) {
    for (const unit of list) paintUnit(unit, target.value);
    // What was painted by hand is looked at again, whatever comes of it.
    for (const unit of list) if (shown) shown[unit] = 0xffff;
    await step([moveTo(target.value, list)]);
  }
  stroke.value = new Map();
  paintAll();
}

function click(event: MapMouseEvent): void {
  if (!working() || tool.value === "paint" || tool.value === "lasso") return;
  const unit = unitsAt(event.point)[0];
  if (unit === undefined) return;
  if (tool.value === "target") {
    target.value = clscOf(unit);
    tool.value = "paint";
    return;
  }
  void give(together(unit, tool.value));
}

/** All units of the area or CLSC that one lies in. */
export function together(unit: number, kind: Tool): number[] {
  const all = units.value;
  if (!all) return [];
  if (kind === "territory") {
    const own = clscOf(unit);
    return all.ids.map((_, other) => other).filter((other) => clscOf(other) === own);
  }
  const areas = kind === "municipalities" || kind === "mrc" || kind === "tracts" ? all[kind] : null;
  const own = areas?.of_unit[unit];
  if (!areas || own === null || own === undefined) return [unit];
  return all.ids.map((_, other) => other).filter((other) => areas.of_unit[other] === own);
}

/** Gives up the stroke under way, what is picked, or what waits for a word. */
export function giveUp(): void {
  if (touched) {
    const done = touched;
    touched = null;
    endStroke();
    stroke.value = new Map();
    if (shown) for (const unit of done) shown[unit] = 0xffff;
    void view?.overlay("lasso", []);
    markPicked(done, picked.value);
    paintAll();
  } else if (held.value) held.value = null;
  else if (picked.value.size > 0) setPicked(new Set());
}

function key(event: KeyboardEvent): void {
  if (part.value !== "draw" || !work.value) return;
  if (event.key === "Escape") giveUp();
}

/** Repaints what a step that was not taken had changed. */
export function repaint(): void {
  paintAll();
}

export function fitClsc(code: string): void {
  const box = territories.value.find((known) => known.level === "clsc" && known.code === code)?.bbox;
  if (box) mainMap.value?.fit(box as [number, number, number, number]);
}
