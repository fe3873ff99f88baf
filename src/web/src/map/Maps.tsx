// The map, and beside or over it the one of the edition that it is compared with.
import { signal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { askPoint } from "../ask/state";
import { followDraw } from "../draw/map";
import { chosenCode, compareId, compareMode, part, place } from "../state";
import { t } from "../texts";
import { mainMap, otherMap } from "./main";
import { MapView } from "./view";

/** Where the divider stands, of a hundred. */
const divider = signal(50);

export function Maps() {
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!first.current) return;
    const view = new MapView(first.current, place.value);
    view.map.on("moveend", () => {
      const { lng, lat } = view.map.getCenter();
      place.value = [round(view.map.getZoom(), 100), round(lat, 1e4), round(lng, 1e4)];
    });
    view.map.on("click", (event) => {
      if (part.value === "ask") void askPoint(event.lngLat.lng, event.lngLat.lat);
      if (part.value === "look") chosenCode.value = view.codeAt(event.point) ?? "";
    });
    followDraw(view);
    mainMap.value = view;
    // A link of the page itself, followed or typed, brings the map along.
    const follow = () => {
      const [zoom, lat, lon] = place.value ?? [];
      const at = view.map.getCenter();
      const there = zoom === round(view.map.getZoom(), 100) && lat === round(at.lat, 1e4) && lon === round(at.lng, 1e4);
      if (zoom !== undefined && lat !== undefined && lon !== undefined && !there) view.map.jumpTo({ zoom, center: [lon, lat] });
    };
    addEventListener("hashchange", follow);
    return () => {
      removeEventListener("hashchange", follow);
      mainMap.value = null;
      view.remove();
    };
  }, []);
  const comparing = compareId.value !== "" && part.value === "look";
  const side = comparing && compareMode.value === "side";
  return (
    <div class={`maps ${side ? "side" : ""}`}>
      <p class="unseen" id="map-help">
        {t.value.mapHelp}
      </p>
      <div ref={first} class="map" id="map" role="region" aria-label={t.value.mapLabel} aria-describedby="map-help" />
      {comparing && <Other side={side} />}
    </div>
  );
}

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}

function Other({ side }: { side: boolean }) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const main = mainMap.value;
    if (!holder.current || !main) return;
    const view = new MapView(holder.current, null);
    let following = false;
    const follow = (from: MapView, to: MapView) => () => {
      if (following) return;
      following = true;
      to.map.jumpTo({ center: from.map.getCenter(), zoom: from.map.getZoom() });
      following = false;
    };
    const [there, back] = [follow(main, view), follow(view, main)];
    main.map.on("move", there);
    view.map.on("move", back);
    view.map.on("click", (event) => (chosenCode.value = view.codeAt(event.point) ?? ""));
    there();
    otherMap.value = view;
    return () => {
      main.map.off("move", there);
      otherMap.value = null;
      view.remove();
    };
  }, []);
  useEffect(() => {
    mainMap.value?.map.resize();
    otherMap.value?.map.resize();
    return () => void setTimeout(() => mainMap.value?.map.resize(), 0);
  }, [side]);
  useSignalEffect(() => {
    // The left of the divider is the other edition's.
    if (holder.current) holder.current.style.clipPath = side ? "none" : `inset(0 ${100 - divider.value}% 0 0)`;
  });
  return (
    <>
      <div ref={holder} class="map other" id="other-map" role="region" aria-label={`${t.value.mapLabel} (${compareId.value})`} />
      {!side && (
        <label class="divider">
          <span class="unseen">{t.value.look.swipePlace}</span>
          <input type="range" min="0" max="100" value={divider.value} onInput={(event) => (divider.value = Number(event.currentTarget.value))} />
        </label>
      )}
    </>
  );
}
