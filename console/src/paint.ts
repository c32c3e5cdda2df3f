// How the map is drawn: the house's colours from the style sheet, so that light, dark and every world stay one look.
import type { LayerSpecification, Map as MapLibre, StyleSpecification } from "maplibre-gl";
import { NEAR_ZOOM } from "./places";

const TEXT_PX = 17; // the house's text; on a wall it is larger, and so are the dots
const NAMES = ["ink", "paper", "land", "land-due", "silent", "hairline", "exercise", "live", "proven", "unproven", "failed"] as const;
export type Colours = Record<(typeof NAMES)[number], string>;

/** The colours of the scheme that is on now. */
export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

const of = (...kinds: string[]) => ["in", ["get", "kind"], ["literal", kinds]] as unknown as boolean;

/** Land and units below, then what is said of the warning, the sites on top. No glyphs and no sprites: nothing from outside. */
export function style(c: Colours, real: boolean, chosen: string[], boxing: boolean): StyleSpecification {
  const main = real ? c.live : c.exercise;
  const plain = ["==", ["get", "scheme"], "JISX0401"];
  const spelled = ["case", plain, ["get", "code"], ["concat", ["get", "scheme"], ":", ["get", "code"]]];
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) / TEXT_PX;
  const ticked = ["boolean", ["feature-state", "chosen"], false];
  const shown = (opacity: unknown) => (boxing ? opacity : ["step", ["zoom"], 0, NEAR_ZOOM, opacity]);
  const picked = ["in", spelled, ["literal", chosen]];
  const layers = [
    { id: "sea", type: "background", paint: { "background-color": c.paper } },
    { id: "land", source: "land", type: "fill", paint: { "fill-color": c.land, "fill-outline-color": c.hairline } },
    { id: "units", source: "units", type: "fill", paint: { "fill-color": ["case", picked, main, c["land-due"]], "fill-opacity": ["case", picked, 0.75, 0.6] } },
    { id: "borders", source: "units", type: "line", paint: { "line-color": ["case", picked, c.ink, c.silent], "line-width": ["case", picked, 1.6, 0.6] } },
    { id: "swath", source: "said", type: "fill", filter: of("swath"), paint: { "fill-color": c.unproven, "fill-opacity": 0.14 } },
    { id: "swath-edge", source: "said", type: "line", filter: of("swath"), paint: { "line-color": c.unproven, "line-width": 1.5, "line-dasharray": [1, 2] } },
    { id: "impact", source: "said", type: "line", filter: of("impact"), paint: { "line-color": c.unproven, "line-width": 2.5 } },
    { id: "track", source: "said", type: "line", filter: of("track"), paint: { "line-color": c.ink, "line-width": 1.2, "line-dasharray": [6, 2] } },
    { id: "warned", source: "said", type: "fill", filter: of("warned"), paint: { "fill-color": main, "fill-opacity": 0.45 } },
    { id: "over", source: "said", type: "fill", filter: of("over"), paint: { "fill-pattern": "over" } },
    { id: "missed", source: "said", type: "fill", filter: of("missed"), paint: { "fill-pattern": "missed" } },
    { id: "warned-edge", source: "said", type: "line", filter: of("warned"), paint: { "line-color": main, "line-width": 2.5 } },
    { id: "frame-edge", source: "said", type: "line", filter: of("frame"), paint: { "line-color": c.ink, "line-width": 1.8, "line-dasharray": [3, 2] } },
    {
      id: "named",
      source: "said",
      type: "circle",
      filter: of("named"),
      paint: { "circle-radius": 9 * size, "circle-color": main, "circle-opacity": 0.45, "circle-stroke-color": main, "circle-stroke-width": 2.5 },
    },
    {
      id: "sites",
      source: "said",
      type: "circle",
      filter: of("site"),
      layout: { "circle-sort-key": ["match", ["get", "state"], ["failed", "down"], 3, ["unproven", "begun"], 2, "proven", 1, 0] },
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, 2.5 * size, 8, 4.5 * size],
        "circle-color": ["match", ["get", "state"], ["failed", "down"], c.failed, ["unproven", "begun"], c.unproven, "proven", c.proven, "silent", c.paper, c.silent],
        "circle-stroke-color": ["match", ["get", "state"], "silent", c.silent, c.paper],
        "circle-stroke-width": 1.2,
      },
    },
    {
      id: "places",
      source: "places",
      type: "circle",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 4, ["case", ticked, 4 * size, 3 * size], 8, ["case", ticked, 8 * size, 6.5 * size]],
        "circle-color": main,
        "circle-opacity": shown(["case", ticked, 0.8, 0]),
        "circle-stroke-color": c.ink,
        "circle-stroke-opacity": shown(1),
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 4, 0.6, 8, 1.2],
      },
    },
  ] as unknown as LayerSpecification[];
  const empty = { type: "geojson" as const, data: { type: "FeatureCollection" as const, features: [] } };
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: new URL("/static/land.json", location.href).href, tolerance: 0.5 },
      units: { type: "geojson", data: new URL("/static/units.json", location.href).href, tolerance: 0.3 },
      places: { ...empty, promoteId: "code" },
      said: empty,
    },
    layers,
  };
}

function hatch(colour: string, both: boolean): { width: number; height: number; data: Uint8ClampedArray } {
  const size = 10;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas to draw patterns on");
  pen.strokeStyle = colour;
  pen.lineWidth = both ? 1.2 : 0.8;
  for (const shift of [-size, 0, size]) {
    for (const turn of both ? [1, -1] : [1]) {
      pen.beginPath();
      pen.moveTo(shift, turn > 0 ? size : 0);
      pen.lineTo(shift + size, turn > 0 ? 0 : size);
      pen.stroke();
    }
  }
  return { width: size, height: size, data: pen.getImageData(0, 0, size, size).data };
}

/** The patterns of what is covered beside the area (one way) and of what is left out (crossed). */
export function patterns(map: MapLibre, c: Colours): void {
  for (const [name, image] of [["over", hatch(c.ink, false)], ["missed", hatch(c.failed, true)]] as const) {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image);
  }
}
