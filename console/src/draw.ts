// Drawing: what is drawn stands in the form's own lines (polygons, circles), and what is typed there is drawn.
// CAP has no ellipse: one goes as a polygon. With keys: Enter sets a corner at the cross, Enter again on it closes.
import { TerraDraw, TerraDrawCircleMode, TerraDrawEllipseMode, TerraDrawPolygonMode, TerraDrawRenderMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { button } from "./elements";
import type { Island, Said } from "./map";
import { colours } from "./paint";
import { circleOf, distance, type Position, readCircles, readRings, ringOf, writeCircle, writeRing } from "./shapes";
import { word } from "./words";

type Mode = "pick" | "box" | "polygon" | "circle" | "ellipse" | "select";
const MODES: Mode[] = ["pick", "box", "polygon", "circle", "ellipse", "select"];
const SAME_KM = 0.05;
const PAUSE_MS = 500;

function styles() {
  const c = colours();
  const fill = { fillColor: c.ink, fillOpacity: 0.12, outlineColor: c.ink, outlineWidth: 2.5 } as const;
  const points = { closingPointColor: c.paper, closingPointOutlineColor: c.ink, closingPointWidth: 6, closingPointOutlineWidth: 2 } as const;
  return { fill, points } as unknown as { fill: Record<string, never>; points: Record<string, never> };
}

function modes() {
  const { fill, points } = styles();
  const corners = { midpoints: true, draggable: true, deletable: true };
  return [
    new TerraDrawPolygonMode({ styles: { ...fill, ...points } }),
    new TerraDrawCircleMode({ styles: fill }),
    new TerraDrawEllipseMode({ styles: fill }),
    new TerraDrawSelectMode({
      flags: {
        polygon: { feature: { draggable: true, coordinates: corners } },
        ellipse: { feature: { draggable: true, coordinates: corners } },
        circle: { feature: { draggable: true, coordinates: { midpoints: false, draggable: false, resizable: "center-fixed" } } },
      },
    }),
    new TerraDrawRenderMode({ modeName: "pick", styles: {} }),
    new TerraDrawRenderMode({ modeName: "box", styles: {} }),
  ];
}

/** The form's two fields of shapes. */
class Lines {
  readonly polygons: HTMLTextAreaElement;
  readonly circles: HTMLTextAreaElement;

  constructor(form: HTMLFormElement) {
    this.polygons = form.elements.namedItem("polygon") as HTMLTextAreaElement;
    this.circles = form.elements.namedItem("circle") as HTMLTextAreaElement;
  }

  /** Write what is drawn; lines that are no shape yet are somebody's work and stay. */
  write(draw: TerraDraw): void {
    const done = draw.getSnapshot().filter((one) => one.geometry.type === "Polygon" && !one.properties.currentlyDrawing);
    const ring = (one: (typeof done)[number]) => one.geometry.coordinates[0] as Position[];
    const round = done.filter((one) => one.properties.mode === "circle");
    const rings = done.filter((one) => one.properties.mode !== "circle");
    this.polygons.value = [...rest(this.polygons, (line) => readRings(line).length > 0), ...rings.map((one) => writeRing(ring(one)))].join("\n");
    this.circles.value = [...rest(this.circles, (line) => readCircles(line).length > 0), ...round.map((one) => writeCircle(circleOf(ring(one))))].join("\n");
  }

  read(draw: TerraDraw): void {
    draw.clear();
    const polygons = readRings(this.polygons.value).map((ring) => feature("polygon", ring));
    const circles = readCircles(this.circles.value).map((one) => feature("circle", ringOf(one)));
    draw.addFeatures([...polygons, ...circles] as Parameters<TerraDraw["addFeatures"]>[0]);
  }

  add(field: HTMLTextAreaElement, line: string): void {
    field.value = [field.value.trimEnd(), line].filter(Boolean).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function rest(field: HTMLTextAreaElement, isShape: (line: string) => boolean): string[] {
  return field.value.split("\n").filter((line) => line.trim() !== "" && !isShape(line));
}

function feature(mode: string, ring: Position[]) {
  const rounded = ring.map(([lon, lat]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
  return { type: "Feature", properties: { mode }, geometry: { type: "Polygon", coordinates: [rounded] } };
}

/** Tools to draw with, the keys for them, and at every change what the satellite's frames would cover. */
export function drawing(island: Island, form: HTMLFormElement, boxes: (on: boolean) => void): void {
  const lines = new Lines(form);
  const draw = new TerraDraw({ adapter: new TerraDrawMapLibreGLAdapter({ map: island.map, coordinatePrecision: 6 }), modes: modes() });
  draw.start();
  const buttons = MODES.map((mode) => button(word(`draw.${mode}`), () => use(mode), { "data-mode": mode }));
  const use = (mode: Mode) => {
    draw.setMode(mode);
    island.place.dataset.mode = mode;
    boxes(mode === "box");
    if (mode === "pick") island.map.cooperativeGestures.enable();
    else island.map.cooperativeGestures.disable();
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
  };
  const away = button(word("draw.away"), () => {
    lines.polygons.value = rest(lines.polygons, (line) => readRings(line).length > 0).join("\n");
    lines.circles.value = rest(lines.circles, (line) => readCircles(line).length > 0).join("\n");
    draw.clear();
    changed();
  });
  island.tools.append(...buttons, away);
  const changed = covering(island, form);
  draw.on("finish", () => {
    lines.write(draw);
    changed();
  });
  for (const field of [lines.polygons, lines.circles]) {
    field.addEventListener("input", () => {
      lines.read(draw);
      changed();
    });
  }
  form.addEventListener("change", changed);
  keys(island, lines, () => draw.getModeState() === "drawing");
  lines.read(draw);
  use("pick");
  changed();
}

/** Asks, a moment after the last change, what the frames would cover, and shows it. */
function covering(island: Island, form: HTMLFormElement): () => void {
  let waiting = 0;
  const ask = async () => {
    const body = new URLSearchParams([...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
    const answer = await fetch("/desk/map/footprint", { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok) return;
    const said = (await answer.json()) as Said;
    island.show({ ...said, features: [...said.features.filter((one) => one.properties.kind !== "warned"), ...island.sites] });
  };
  return () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE_MS);
  };
}

function keys(island: Island, lines: Lines, busy: () => boolean): void {
  let corners: Position[] = [];
  const canvas = island.map.getCanvas();
  canvas.addEventListener("keydown", (event) => {
    const mode = island.place.dataset.mode;
    if (event.key === "Escape") corners = [];
    if (event.key !== "Enter" || busy() || (mode !== "polygon" && mode !== "circle")) return;
    event.preventDefault();
    const { lng, lat } = island.map.getCenter();
    const here: Position = [lng, lat];
    const last = corners.at(-1);
    if (mode === "circle" && last && distance(last, here) > SAME_KM) {
      lines.add(lines.circles, writeCircle({ centre: last, km: distance(last, here) }));
      corners = [];
    } else if (mode === "polygon" && corners.length > 2 && last && distance(last, here) <= SAME_KM) {
      lines.add(lines.polygons, writeRing(corners));
      corners = [];
    } else {
      corners.push(here);
    }
    island.note(corners.length ? word("draw.corners", { count: corners.length }) : "");
  });
}
