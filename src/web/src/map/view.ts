// One map: tiles of a level of an edition, what is chosen on it, what is asked, what is drawn.
import * as maplibregl from "maplibre-gl";
import type { GeoJSONSource, Map as MapLibre, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { BASE, get, key } from "../api";
import type { Level } from "../state";
import { byCode } from "./palette";

maplibregl.setWorkerUrl(new URL(workerUrl, import.meta.url).href);

const STYLE: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [{ id: "background", type: "background", paint: { "background-color": "#eef2f5" } }],
};
const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
/** Where people live: the first view. */
export const SOUTH: [number, number, number, number] = [-79.6, 44.9, -64.2, 49.3];

/** Lines and points that the parts lay over the tiles, under a name each. */
export type Overlay = "asked" | "beyond" | "drawn" | "gone" | "lasso";

interface TileJson {
  version: string;
  minzoom: number;
  maxzoom: number;
  bounds: [number, number, number, number];
}

const described = new Map<string, Promise<TileJson>>();

function describe(edition: string, level: Level): Promise<TileJson> {
  const path = `tiles/${encodeURIComponent(edition)}/${level}`;
  let known = described.get(path);
  if (!known) {
    known = get<TileJson>(path);
    described.set(path, known);
    known.catch(() => described.delete(path));
  }
  return known;
}

function tileUrl(edition: string, level: Level, version: string): string {
  return `${BASE}tiles/${encodeURIComponent(edition)}/${level}/{z}/{x}/{y}?v=${encodeURIComponent(version)}`;
}

export class MapView {
  readonly map: MapLibre;
  readonly ready: Promise<void>;
  private shown = "";
  private chosen = "";

  constructor(
    readonly container: HTMLElement,
    at: [number, number, number] | null,
  ) {
    this.map = new maplibregl.Map({
      container,
      style: STYLE,
      ...(at ? { zoom: at[0], center: [at[2], at[1]] } : { bounds: SOUTH }),
      attributionControl: false,
      renderWorldCopies: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      maxZoom: 18,
      minZoom: 3,
      maxTileCacheSize: 200,
      canvasContextAttributes: { preserveDrawingBuffer: true },
      transformRequest: (url) => (key.value && url.startsWith(BASE) ? { url, headers: { authorization: `Bearer ${key.value}` } } : { url }),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibregl.ScaleControl({}), "bottom-right");
    this.ready = new Promise((resolve) => {
      this.map.once("style.load", () => {
        this.addOverlays();
        resolve();
      });
    });
    const idle = () => {
      container.dataset.idle = "yes";
    };
    const busy = () => {
      delete container.dataset.idle;
    };
    this.map.on("idle", idle);
    this.map.on("movestart", busy);
    this.map.on("dataloading", busy);
  }

  private addOverlays(): void {
    const names: Overlay[] = ["gone", "drawn", "beyond", "asked", "lasso"];
    for (const name of names) this.map.addSource(name, { type: "geojson", data: EMPTY });
    const line = (id: Overlay, colour: string, width: number, dash?: number[]) =>
      this.map.addLayer({
        id,
        type: "line",
        source: id,
        layout: { "line-join": "round" },
        paint: { "line-color": colour, "line-width": width, ...(dash ? { "line-dasharray": dash } : {}) },
      });
    line("gone", "#7a1f1f", 2, [2, 2]);
    line("drawn", "#c4122f", 3);
    line("lasso", "#1a1a1a", 1.5, [2, 1]);
    this.map.addLayer({ id: "asked-fill", type: "fill", source: "asked", paint: { "fill-color": "#0b5cad", "fill-opacity": 0.18 } });
    line("asked", "#0b5cad", 2);
    line("beyond", "#7a3e00", 2.5, [3, 2]);
    this.map.addLayer({
      id: "asked-point",
      type: "circle",
      source: "asked",
      filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 7, "circle-color": "#0b5cad", "circle-stroke-color": "#fff", "circle-stroke-width": 2 },
    });
  }

  /** Shows a level of an edition in its colours. */
  async showLevel(edition: string, level: Level, colours: Map<string, string>): Promise<void> {
    const [about] = await Promise.all([describe(edition, level), this.ready]);
    const shown = `${edition} ${level} ${about.version}`;
    if (this.shown !== shown) {
      for (const id of ["level-labels", "level-chosen", "level-line", "level-fill"]) if (this.map.getLayer(id)) this.map.removeLayer(id);
      if (this.map.getSource("level")) this.map.removeSource("level");
      this.map.addSource("level", {
        type: "vector",
        tiles: [tileUrl(edition, level, about.version)],
        minzoom: about.minzoom,
        maxzoom: about.maxzoom,
        bounds: about.bounds,
        promoteId: "code",
      });
      const source = { source: "level", "source-layer": "territories" } as const;
      this.map.addLayer({ id: "level-fill", type: "fill", ...source, paint: { "fill-color": byCode(colours), "fill-opacity": 0.85 } }, "gone");
      this.map.addLayer(
        { id: "level-line", type: "line", ...source, paint: { "line-color": "#3c4650", "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.4, 12, 1.6] } },
        "gone",
      );
      this.map.addLayer({ id: "level-chosen", type: "line", ...source, filter: ["==", ["get", "code"], this.chosen], paint: { "line-color": "#111", "line-width": 3.5 } }, "gone");
      this.map.addLayer({
        id: "level-labels",
        type: "symbol",
        source: "level",
        "source-layer": "labels",
        layout: { "text-field": ["get", "name"], "text-size": ["interpolate", ["linear"], ["zoom"], 5, 10, 11, 14], "text-max-width": 8, "text-font": ["sans-serif"] },
        paint: { "text-color": "#14202b", "text-halo-color": "rgba(255,255,255,0.9)", "text-halo-width": 1.4 },
      });
      this.shown = shown;
    } else {
      this.map.setPaintProperty("level-fill", "fill-color", byCode(colours));
    }
  }

  /** Draws a line around a territory of the level that is shown. */
  choose(code: string): void {
    this.chosen = code;
    if (this.map.getLayer("level-chosen")) this.map.setFilter("level-chosen", ["==", ["get", "code"], code]);
  }

  /** Lays features over the tiles. */
  async overlay(name: Overlay, features: GeoJSON.Feature[]): Promise<void> {
    await this.ready;
    (this.map.getSource(name) as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features });
  }

  /** The code of the territory at a place of the screen. */
  codeAt(point: maplibregl.PointLike, layer = "level-fill"): string | null {
    if (!this.map.getLayer(layer)) return null;
    const found = this.map.queryRenderedFeatures(point, { layers: [layer] })[0];
    return (found?.properties.code as string | undefined) ?? null;
  }

  fit(box: [number, number, number, number], most = 13): void {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds([box[0], box[1], box[2], box[3]], { padding: 40, maxZoom: most, animate: !calm, duration: 400 });
  }

  /** What is seen, as a PNG. */
  async picture(): Promise<Blob | null> {
    await new Promise<void>((resolve) => {
      this.map.once("render", () => resolve());
      this.map.triggerRepaint();
    });
    return new Promise((resolve) => this.map.getCanvas().toBlob(resolve, "image/png"));
  }

  /** Adds the units, whose colours are states. */
  async showUnits(edition: string): Promise<void> {
    const [about] = await Promise.all([describe(edition, "da"), this.ready]);
    if (this.map.getSource("units")) return;
    this.map.addSource("units", {
      type: "vector",
      tiles: [tileUrl(edition, "da", about.version)],
      minzoom: about.minzoom,
      maxzoom: about.maxzoom,
      bounds: about.bounds,
      promoteId: "code",
    });
    const source = { source: "units", "source-layer": "territories" } as const;
    const before = this.map.getLayer("level-labels") ? "level-labels" : "gone";
    this.map.addLayer(
      {
        id: "units-fill",
        type: "fill",
        ...source,
        paint: {
          "fill-color": ["case", ["boolean", ["feature-state", "bad"], false], "#d0021b", ["to-color", ["feature-state", "colour"], "rgba(0,0,0,0)"]],
          "fill-opacity": ["case", ["boolean", ["feature-state", "moved"], false], 0.95, 0.65],
        },
      },
      before,
    );
    this.map.addLayer(
      {
        id: "units-line",
        type: "line",
        ...source,
        paint: {
          "line-color": ["case", ["boolean", ["feature-state", "picked"], false], "#000", "#66707a"],
          "line-width": ["case", ["boolean", ["feature-state", "picked"], false], 2.5, 0.4],
        },
      },
      before,
    );
  }

  hideUnits(): void {
    for (const id of ["units-line", "units-fill"]) if (this.map.getLayer(id)) this.map.removeLayer(id);
    if (this.map.getSource("units")) this.map.removeSource("units");
  }

  setUnit(id: string, state: Record<string, unknown>): void {
    if (!this.map.getSource("units")) return;
    this.map.setFeatureState({ source: "units", sourceLayer: "territories", id }, state);
  }

  remove(): void {
    this.map.remove();
  }
}

/** A circle of so many metres around a place. */
export function circle(lon: number, lat: number, metres: number): GeoJSON.Feature {
  const [dy, dx] = [metres / 111_320, metres / (111_320 * Math.cos((lat * Math.PI) / 180))];
  const ring = Array.from({ length: 65 }, (_, step) => {
    const turn = (step / 64) * 2 * Math.PI;
    return [lon + dx * Math.cos(turn), lat + dy * Math.sin(turn)];
  });
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}

export function point(lon: number, lat: number): GeoJSON.Feature {
  return { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [lon, lat] } };
}
