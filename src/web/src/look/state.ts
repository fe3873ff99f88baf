// What is looked at: a territory, colours, another edition.
import { computed, effect, signal } from "@preact/signals";
import { type Schema, get, query } from "../api";
import { mainMap, otherMap } from "../map/main";
import { CHANGES, GRADES, NOTHING, apart, ofDensity, ofPeople } from "../map/palette";
import { type Territory, chosenCode, colour, compareId, editionId, level, listTerritories, part, territories } from "../state";
import { attempt } from "../ui";

export type Page = Schema["TerritoryPage"];
export type Criteria = Schema["EditionCriteria"];

export const page = signal<Page | null>(null);
export const problem = signal("");
export const criteria = signal<Criteria | null>(null);
/** What became of each territory since the other edition, by code. */
export const changes = signal<Map<string, string>>(new Map());

const otherTerritories = signal<Territory[]>([]);
const shown = computed(() => territories.value.filter((known) => known.level === level.value));

/** Criteria that grade, by their word. */
export const graded = computed(() => {
  const words = new Set<string>();
  for (const clsc of criteria.value?.clsc ?? []) for (const measure of clsc.measures) if (measure.grade) words.add(measure.criterion);
  return [...words];
});

function colourOf(list: Territory[], isOther: boolean): Map<string, string> {
  const colours = new Map<string, string>();
  const wanted = colour.value;
  const clscList = criteria.value?.clsc ?? [];
  const year = wanted.startsWith("year:") ? criteria.value?.years.find((known) => `year:${known.year}` === wanted) : undefined;
  list.forEach((territory, place) => {
    const clsc = clscList.findIndex((known) => known.code === territory.code);
    let own: string;
    if (wanted === "people") own = ofPeople(territory.population);
    else if (wanted === "density") own = ofDensity((territory.population ?? 0) / Math.max(territory.area_km2, 0.001));
    else if (wanted === "change") own = isOther ? (CHANGES.unchanged ?? NOTHING) : (CHANGES[changes.value.get(territory.code) ?? "unchanged"] ?? NOTHING);
    else if (wanted.startsWith("criterion:")) {
      const measure = clscList[clsc]?.measures.find((known) => `criterion:${known.criterion}` === wanted && known.grade);
      own = GRADES[(measure?.grade as string | undefined) ?? ""] ?? NOTHING;
    } else if (year) own = ofPeople(year.people[clsc]);
    else own = apart(place);
    colours.set(territory.code, own);
  });
  return colours;
}

/** Follows what is chosen, from now on. */
export function followLook(): void {
  effect(() => {
    const id = editionId.value;
    if (!id) return;
    void attempt(
      async () => {
        const list = await listTerritories(id);
        if (editionId.value === id) territories.value = list;
      },
      (words) => (problem.value = words),
    );
    criteria.value = null;
  });
  effect(() => {
    const id = compareId.value;
    otherTerritories.value = [];
    if (id) void attempt(async () => (otherTerritories.value = await listTerritories(id)), (words) => (problem.value = words));
  });
  effect(() => {
    const [older, newer, asked] = [compareId.value, editionId.value, level.value];
    changes.value = new Map();
    if (!older || !newer || older === newer) return;
    void attempt(
      async () => {
        const path = `v1/editions/${encodeURIComponent(older)}/changes/${encodeURIComponent(newer)}`;
        const found = await get<Schema["ChangesAnswer"]>(query(path, { level: asked }));
        changes.value = new Map(found.territories.flatMap((change) => (change.to_code ? [[change.to_code, change.class] as const] : [])));
      },
      (words) => (problem.value = words),
    );
  });
  effect(() => {
    const map = mainMap.value;
    const list = shown.value;
    const colours = colourOf(list, false);
    if (map && editionId.value && list.length > 0 && part.value !== "draw") void map.showLevel(editionId.value, level.value, colours);
  });
  effect(() => {
    const map = otherMap.value;
    const list = otherTerritories.value.filter((known) => known.level === level.value);
    if (map && compareId.value && list.length > 0) void map.showLevel(compareId.value, level.value, colourOf(list, true));
  });
  effect(() => {
    const wanted = colour.value;
    if ((wanted.startsWith("criterion:") || wanted.startsWith("year:") || part.value === "look") && editionId.value && criteria.value?.edition.id !== editionId.value) void loadCriteria(editionId.value);
  });
  effect(() => {
    const [code, id, at] = [chosenCode.value, editionId.value, level.value];
    if (part.value !== "look") return;
    mainMap.value?.choose(code);
    otherMap.value?.choose(code);
    if (!code || !id) {
      page.value = null;
      return;
    }
    problem.value = "";
    void attempt(
      async () => {
        const found = await get<Page>(query(`v1/territories/${at}/${encodeURIComponent(code)}`, { edition: id }));
        if (chosenCode.value === code) page.value = found;
      },
      (words) => {
        page.value = null;
        problem.value = words;
      },
    );
  });
}

async function loadCriteria(id: string): Promise<void> {
  await attempt(
    async () => {
      const found = await get<Criteria>(`v1/editions/${encodeURIComponent(id)}/criteria`);
      if (editionId.value === id) criteria.value = found;
    },
    () => undefined,
  );
}
