// The map that all parts share.
import { signal } from "@preact/signals";
import type { MapView } from "./view";

export const mainMap = signal<MapView | null>(null);
/** The second one, of the edition that the first is compared with. */
export const otherMap = signal<MapView | null>(null);
