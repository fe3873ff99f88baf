import type { MapView } from "../map/view";
export function followDraw(_view: MapView): void {}
