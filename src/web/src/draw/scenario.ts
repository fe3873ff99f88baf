// A revision that is being drawn: what the server has of it, what it does not have yet, and what all of it would do.
import { computed, signal } from "@preact/signals";
import { Refused, type Schema, Unreachable, ask, get, post, query } from "../api";
import { editionId, editions } from "../state";
import { t } from "../texts";
import { announced, attempt, told } from "../ui";
import { type Work, forget, keep, listKept } from "./kept";
import { type Assignment, type Units, loadAssignment, loadUnits, withMoves } from "./units";

export type Operation = Schema["Operation"];
export type Scenario = Schema["Scenario"];
export type Preview = Schema["PreviewAnswer"];
export type Concern = Preview["concerns"][number];

/** What is worked on; nothing, where a list is shown. */
export const work = signal<Work | null>(null);
/** What the server last said of it, for one on the server. */
export const scenario = signal<Scenario | null>(null);
export const revisions = signal<Scenario[]>([]);
/** Whether the server keeps revisions, and lets whoever is here write: not known at first. */
export const canStore = signal<boolean | null>(null);
export const keptWork = signal<Work[]>([]);
export const preview = signal<Preview | null>(null);
export const units = signal<Units | null>(null);
export const base = signal<Assignment | null>(null);
export const assignment = computed<Assignment | null>(() => (base.value ? withMoves(base.value, preview.value?.moved ?? {}) : null));
export const problem = signal("");
/** A step that was not taken, since a piece would detach: it waits for a word. */
export const held = signal<{ operations: Operation[]; concerns: Concern[] } | null>(null);
/** What somebody else wrote meanwhile. */
export const conflict = signal<Scenario | null>(null);
export const sending = signal(false);
export const previewing = signal(false);
/** Milliseconds that the last preview took, from the step to its figures. */
export const lastMs = signal(0);

export const operations = computed<Operation[]>(() => (work.value ? [...work.value.saved, ...work.value.pending.flat()] : []));
export const isDraft = computed(() => !scenario.value || scenario.value.state === "draft");
export const canUndo = computed(() => isDraft.value && ((work.value?.pending.length ?? 0) > 0 || (scenario.value?.undoable ?? 0) > 0));
export const canRedo = computed(() => isDraft.value && ((work.value?.undone.length ?? 0) > 0 || (scenario.value?.redoable ?? 0) > 0));

const fail = (words: string) => (problem.value = words);

/** Lists what there is to work on. */
export async function loadList(): Promise<void> {
  keptWork.value = await listKept();
  try {
    revisions.value = await get<Scenario[]>("v1/revisions");
    canStore.value = true;
  } catch (error) {
    revisions.value = [];
    // No store, or no key that may plan: drawing goes on here, by itself.
    if (error instanceof Refused) canStore.value = false;
    else fail(told(error));
  }
}

function change(next: Partial<Work>): void {
  if (!work.value) return;
  work.value = { ...work.value, ...next, at: new Date().toISOString() };
  void keep(work.value);
}

/** Begins a revision, on the server where that keeps some. */
export async function begin(name: string, baseId: string): Promise<void> {
  problem.value = "";
  if (canStore.value) {
    const made = await attempt(() => post<Scenario>("v1/revisions", { name, base: baseId }), fail);
    if (made) await openRevision(made.id);
    return;
  }
  await start({ id: `new-${Date.now().toString(36)}`, name, base: baseId, version: 0, saved: [], pending: [], undone: [], at: "" }, null);
}

export async function openRevision(id: string): Promise<void> {
  await attempt(async () => {
    const found = await get<Scenario>(`v1/revisions/${encodeURIComponent(id)}`);
    const kept = (await listKept()).find((known) => known.id === id);
    const fresh: Work = { id, name: found.name, base: found.base, version: found.version, saved: found.operations, pending: kept?.pending ?? [], undone: [], at: "" };
    await start(fresh, found);
    if (fresh.pending.length > 0) {
      if (kept && kept.version !== found.version) conflict.value = found;
      else await flush();
    }
  }, fail);
}

export async function resume(kept: Work): Promise<void> {
  if (kept.id.startsWith("new-")) await start(kept, null);
  else await openRevision(kept.id);
}

async function start(fresh: Work, known: Scenario | null): Promise<void> {
  conflict.value = null;
  held.value = null;
  preview.value = null;
  scenario.value = known;
  if (editions.value.some((edition) => edition.id === fresh.base)) editionId.value = fresh.base;
  const [list, assigned] = await Promise.all([loadUnits(), loadAssignment(fresh.base)]);
  units.value = list;
  base.value = assigned;
  work.value = fresh;
  void keep(fresh);
  await refresh();
  watch();
}

export function leave(): void {
  work.value = null;
  scenario.value = null;
  preview.value = null;
  held.value = null;
  conflict.value = null;
  problem.value = "";
  clearInterval(watching);
  void loadList();
}

/** Drops what is kept here only. */
export async function discard(id: string): Promise<void> {
  await forget(id);
  keptWork.value = await listKept();
}

let previews = 0;

function askPreview(list: Operation[], signal?: AbortSignal): Promise<Preview> {
  return post<Preview>("v1/revisions/preview", { base: work.value?.base, operations: list }, signal);
}

/** Shows what all operations would do. */
export async function refresh(): Promise<void> {
  const mine = ++previews;
  const found = await attempt(() => askPreview(operations.value), fail);
  if (found && mine === previews) preview.value = found;
}

let moving: AbortController | null = null;
let next: Operation[] | null = null;

/** Shows what a stroke would do while the hand still moves: one question at a time, of the newest stroke. */
export function previewStroke(stroke: Operation[]): void {
  next = stroke;
  if (moving) return;
  void (async () => {
    while (next) {
      const asked: Operation[] = next;
      next = null;
      moving = new AbortController();
      try {
        const found = await askPreview([...operations.value, ...asked], moving.signal);
        if (moving) live.value = found;
      } catch {
        // What is refused on the way is told at the end of the stroke.
      }
    }
    moving = null;
  })();
}

/** What the stroke under way would do. */
export const live = signal<Preview | null>(null);

export function endStroke(): void {
  next = null;
  moving?.abort();
  moving = null;
  live.value = null;
}

function keyOf(concern: Concern): string {
  return `${concern.kind} ${(concern.codes ?? []).join(" ")} ${(concern.units ?? []).join(" ")}`;
}

/** Takes a step: it is tried first, and waits for a word where it would detach a piece that was not. */
export async function step(added: Operation[], accepted = false): Promise<boolean> {
  const began = performance.now();
  problem.value = "";
  held.value = null;
  previewing.value = true;
  const mine = ++previews;
  let found: Preview;
  try {
    found = await askPreview([...operations.value, ...added]);
  } catch (error) {
    previewing.value = false;
    if (error instanceof Unreachable) {
      // The step is kept here, and tried by the server once it answers again.
      change({ pending: [...(work.value?.pending ?? []), added], undone: [] });
      announced.value = t.value.draw.keptHere;
      retryLater();
      return true;
    }
    fail(told(error));
    announced.value = told(error);
    return false;
  }
  previewing.value = false;
  const before = new Set((preview.value?.concerns ?? []).map(keyOf));
  const fresh = found.concerns.filter((concern) => (concern.kind === "detached" || concern.kind === "far_merger") && !before.has(keyOf(concern)));
  if (fresh.length > 0 && !accepted) {
    held.value = { operations: added, concerns: fresh };
    return false;
  }
  if (mine === previews) preview.value = found;
  lastMs.value = Math.round(performance.now() - began);
  change({ pending: [...(work.value?.pending ?? []), added], undone: [] });
  if (scenario.value) void flush();
  return true;
}

let flushing = false;

/** Sends what the server does not have yet, step by step. */
export async function flush(): Promise<void> {
  if (flushing || !scenario.value || conflict.value) return;
  flushing = true;
  sending.value = true;
  try {
    while (work.value && scenario.value && work.value.pending.length > 0) {
      const first: Operation[] = work.value.pending[0] ?? [];
      const id = work.value.id;
      const found = await post<Scenario>(`v1/revisions/${encodeURIComponent(id)}/operations`, { version: work.value.version, operations: first });
      take(found, work.value.pending.slice(1));
    }
  } catch (error) {
    if (error instanceof Unreachable) retryLater();
    else if (error instanceof Refused && error.code === "revision-changed") await meet();
    else fail(told(error));
  } finally {
    flushing = false;
    sending.value = false;
  }
}

function take(found: Scenario, pending: Operation[][]): void {
  scenario.value = found;
  change({ version: found.version, saved: found.operations, pending, name: found.name });
}

let retrying: ReturnType<typeof setTimeout> | undefined;

function retryLater(): void {
  clearTimeout(retrying);
  retrying = setTimeout(async () => {
    if (!work.value) return;
    try {
      await ask("health");
    } catch {
      retryLater();
      return;
    }
    await refresh();
    await flush();
  }, 2000);
}

/** Somebody else wrote: nothing of anybody is written over. */
async function meet(): Promise<void> {
  const id = work.value?.id;
  if (!id) return;
  const found = await attempt(() => get<Scenario>(`v1/revisions/${encodeURIComponent(id)}`), fail);
  if (!found || !work.value) return;
  if (work.value.pending.length === 0) {
    take(found, []);
    announced.value = t.value.draw.othersTaken;
    await refresh();
  } else {
    conflict.value = found;
    announced.value = t.value.draw.conflict;
  }
}

/** Takes what the other wrote, and puts one's own steps on top, or gives them up. */
export async function settle(mine: boolean): Promise<void> {
  const found = conflict.value;
  if (!found || !work.value) return;
  const pending = mine ? work.value.pending : [];
  conflict.value = null;
  take(found, pending);
  await refresh();
  await flush();
}

let watching: ReturnType<typeof setInterval> | undefined;

/** Sees what others write. */
function watch(): void {
  clearInterval(watching);
  watching = setInterval(async () => {
    if (!scenario.value || !work.value || conflict.value || flushing) return;
    try {
      const found = await get<Scenario>(`v1/revisions/${encodeURIComponent(work.value.id)}`);
      if (work.value && found.id === work.value.id && found.version > work.value.version && !flushing) await meet();
    } catch {
      // Told by the next step, or when the server answers again.
    }
  }, 4000);
}

export async function undo(): Promise<void> {
  held.value = null;
  problem.value = "";
  const now = work.value;
  if (!now) return;
  const last = now.pending[now.pending.length - 1];
  if (last) {
    change({ pending: now.pending.slice(0, -1), undone: [...now.undone, last] });
    await refresh();
  } else if (scenario.value) await onServer("undo");
}

export async function redo(): Promise<void> {
  held.value = null;
  problem.value = "";
  const now = work.value;
  if (!now) return;
  const last = now.undone[now.undone.length - 1];
  if (last) {
    change({ pending: [...now.pending, last], undone: now.undone.slice(0, -1) });
    await refresh();
    await flush();
  } else if (scenario.value) await onServer("redo");
}

/** Does something with the revision on the server: a step of its way. */
export async function onServer(what: string, more: Record<string, unknown> = {}): Promise<Scenario | undefined> {
  const now = work.value;
  if (!now || !scenario.value) return undefined;
  problem.value = "";
  await flush();
  try {
    const found = await post<Scenario>(`v1/revisions/${encodeURIComponent(now.id)}/${what}`, { version: work.value?.version, ...more });
    take(found, work.value?.pending ?? []);
    await refresh();
    return found;
  } catch (error) {
    if (error instanceof Refused && error.code === "revision-changed") await meet();
    fail(told(error));
    return undefined;
  }
}

/** Copies it, and works on the copy. */
export async function duplicate(name: string): Promise<void> {
  const now = work.value;
  if (!now) return;
  const made = await attempt(() => post<Scenario>(`v1/revisions/${encodeURIComponent(now.id)}/duplicate`, { name }), fail);
  if (made) await openRevision(made.id);
}

/** Puts work that is kept here only on the server. */
export async function saveNew(): Promise<void> {
  const now = work.value;
  if (!now || scenario.value) return;
  const made = await attempt(() => post<Scenario>("v1/revisions", { name: now.name, base: now.base, operations: operations.value }), fail);
  if (made) {
    await forget(now.id);
    await openRevision(made.id);
  }
}

/** What lies between this revision and another one. */
export function compare(other: string): Promise<Schema["Impact"]> {
  return get<Schema["Impact"]>(query(`v1/revisions/${encodeURIComponent(work.value?.id ?? "")}/compare`, { with: other }));
}
