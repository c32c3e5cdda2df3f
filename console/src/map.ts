// The map island: our own shapes below, what a warning says and what its frames cover above. Where there is no WebGL
// the drawn map of the page stays, and everything can be done in the form beside it.
import { type GeoJSONSource, LngLatBounds, Map as MapLibre, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { Choice } from "./choice";
import { drawing } from "./draw";
import { button, make } from "./elements";
import { colours, patterns, style } from "./paint";
import { picking } from "./pick";
import type { Position } from "./shapes";
import { word } from "./words";

export interface Feature {
  type: "Feature";
  properties: Record<string, string>;
  geometry: { type: string; coordinates: unknown };
}

export interface Said {
  type: "FeatureCollection";
  features: Feature[];
  warned_km2?: number;
  frame_km2?: number | null;
  over_km2?: number;
  missed_km2?: number;
}

const JAPAN: [number, number, number, number] = [122.5, 24, 146.5, 45.7];
const NEAR = "200px";
const AROUND_DEG = 2; // a site alone is shown with its country about it
const LEGEND = ["warned", "named", "frame", "over", "missed", "swath", "impact", "track"];
const STATES = ["proven", "unproven", "failed", "begun", "silent", "down", "waiting", "site"];

/** One map: its element, its data, and what it tells in words beside the picture. */
export class Island {
  readonly map: MapLibre;
  readonly tools = make("div", { class: "island-tools", role: "toolbar", "aria-label": word("map.tools") });
  readonly form: HTMLFormElement | null;
  readonly choice: Choice | null;
  private readonly figures = make("p", { role: "status", class: "small" });
  private readonly about = make("p", { role: "status", class: "small" });
  private readonly legend = make("ul", { class: "legend small" });
  private said: Said = { type: "FeatureCollection", features: [] };

  constructor(readonly place: HTMLElement) {
    this.form = place.closest("form");
    this.choice = this.form && new Choice(this.form);
    const canvas = make("div", { class: "island-map" });
    this.map = new MapLibre({
      container: canvas,
      style: style(colours(), this.real, this.chosen, false),
      bounds: JAPAN,
      fitBoundsOptions: { padding: 12, animate: false },
      attributionControl: false,
      renderWorldCopies: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxPitch: 0,
      maxZoom: 14,
      cooperativeGestures: true,
      locale: {
        "Map.Title": word("map.name"),
        "CooperativeGesturesHandler.WindowsHelpText": word("map.wheel"),
        "CooperativeGesturesHandler.MacHelpText": word("map.wheel"),
        "CooperativeGesturesHandler.MobileHelpText": word("map.fingers"),
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
    this.map.once("style.load", () => patterns(this.map, colours()));
    this.map.on("click", (event) => this.tell(event.point));
    this.map.once("idle", () => {
      canvas.dataset.ready = "yes";
    });
    this.tools.append(
      button("+", () => this.map.zoomIn(), { "aria-label": word("map.in") }),
      button("−", () => this.map.zoomOut(), { "aria-label": word("map.out") }),
      button(word("map.whole"), () => this.look()),
    );
    const source = make("p", { class: "small quiet" }, word("map.source"));
    place.append(make("figure", { class: "island" }, this.tools, canvas, this.legend, this.figures, this.about, source));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
  }

  get real(): boolean {
    const chosen = this.form?.querySelector<HTMLInputElement>("input[name=purpose]:checked");
    return chosen ? chosen.value === "real" : this.place.dataset.real === "yes";
  }

  /** What the form chooses; nothing on a page that only shows. */
  get chosen(): string[] {
    return this.choice?.codes ?? [];
  }

  /** Draw with the colours of now and the boxes as they are ticked now. */
  repaint(): void {
    const c = colours();
    for (const layer of style(c, this.real, this.chosen, this.place.dataset.mode === "box").layers) {
      for (const [name, value] of Object.entries(layer.paint ?? {})) {
        this.map.setPaintProperty(layer.id, name as never, value as never);
      }
    }
    patterns(this.map, c);
  }

  /** Put what is said on the map, and in words beside it. */
  show(said: Said): void {
    this.said = said;
    void this.map.getSource<GeoJSONSource>("said")?.setData(said as never);
    const kinds = new Set(said.features.map((one) => one.properties.kind));
    const states = new Set(said.features.map((one) => one.properties.state));
    this.legend.replaceChildren(
      ...(this.form ? ["place", "picked"] : []).map((kind) => entry(kind, this.real)),
      ...LEGEND.filter((kind) => kinds.has(kind)).map((kind) => entry(kind, this.real)),
      ...STATES.filter((state) => states.has(state)).map((state) => entry(state, false)),
    );
    this.figures.textContent = figures(said);
  }

  get sites(): Feature[] {
    return this.said.features.filter((one) => one.properties.kind === "site");
  }

  /** Look at everything that is said; without that at the sites, or at Japan. */
  look(): void {
    const box = new LngLatBounds();
    const said = this.said.features.filter((one) => one.properties.kind !== "site");
    for (const one of said) for (const at of positions(one.geometry.coordinates)) box.extend(at);
    if (box.isEmpty()) {
      for (const one of this.sites) {
        for (const [lon, lat] of positions(one.geometry.coordinates)) {
          box.extend([lon - AROUND_DEG, lat - AROUND_DEG]).extend([lon + AROUND_DEG, lat + AROUND_DEG]);
        }
      }
    }
    this.map.fitBounds(box.isEmpty() ? JAPAN : box, { padding: 24, maxZoom: 10, animate: false });
  }

  /** Say something below the map. */
  readonly note = (text: string): void => {
    this.about.textContent = text;
  };

  private tell(point: { x: number; y: number }): void {
    const near: [[number, number], [number, number]] = [[point.x - 5, point.y - 5], [point.x + 5, point.y + 5]];
    const site = this.map.queryRenderedFeatures(near, { layers: ["sites"] })[0]?.properties as Record<string, string> | undefined;
    if (!site) return;
    const language = document.documentElement.lang;
    const name = `${site.code} ${site[language] ?? site.en}`;
    const state = word(`map.${site.state}`);
    this.about.replaceChildren(make("a", { href: `/desk/sites/${site.code}` }, name), `: ${state}`);
  }
}

function entry(kind: string, real: boolean): HTMLElement {
  return make("li", {}, make("span", { class: `swatch ${kind}${real ? " real" : ""}`, "aria-hidden": "true" }), word(`map.${kind}`));
}

function figures(said: Said): string {
  const km2 = (value: number | null | undefined) => (value ?? 0).toLocaleString(document.documentElement.lang);
  if (said.warned_km2 === undefined) return "";
  if (said.warned_km2 === 0) return word("map.unknown");
  const meant = word("map.meant", { km2: km2(said.warned_km2) });
  if (said.frame_km2 === null || said.frame_km2 === undefined) return `${meant} ${word("map.unframed")}`;
  const blanks = { km2: km2(said.frame_km2), over: km2(said.over_km2), missed: km2(said.missed_km2) };
  return `${meant} ${word("map.framed", blanks)}`;
}

function* positions(coordinates: unknown): Generator<Position> {
  if (!Array.isArray(coordinates)) return;
  if (typeof coordinates[0] === "number") yield coordinates as Position;
  else for (const one of coordinates) yield* positions(one);
}

async function fetched(url: string): Promise<Said> {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as Said;
}

async function begin(place: HTMLElement): Promise<void> {
  const island = new Island(place);
  const said = fetched(place.dataset.map ?? "");
  await island.map.once("load");
  place.classList.add("has-island");
  island.map.resize();
  island.show(await said);
  island.look();
  if (island.choice) drawing(island, island.choice.form, await picking(island, island.choice));
}

/** Every place of the page that wants a map gets one once it is nearly in sight, as far as the browser can draw it. */
export function islands(): void {
  if (!document.createElement("canvas").getContext("webgl2")) return;
  setWorkerUrl(new URL("/static/maplibre-gl-worker.mjs", location.href).href);
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        draw(target as HTMLElement);
      }
    },
    { rootMargin: NEAR },
  );
  for (const place of document.querySelectorAll("[data-map]")) seen.observe(place);
}

function draw(place: HTMLElement): void {
  begin(place).catch((problem: unknown) => {
    place.querySelector("figure.island")?.remove();
    place.classList.remove("has-island");
    console.warn("the map cannot be drawn; the page's own stays", problem);
  });
}
