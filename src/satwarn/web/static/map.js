import { setWorkerUrl, Map as Map$1, ScaleControl, LngLatBounds } from "./maplibre-gl.mjs";
import { t as to, i, m as me, v as vt, M as Mt, z as ze, P as Pe } from "./terra-draw.js";
import { N as NEAR_ZOOM, b as button, w as word, a as picking, m as make } from "./pick.js";
const LINE = "input[name=more_codes]";
function codes(text) {
  return text.split(/[\s,]+/).filter(Boolean);
}
class Choice {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector(LINE);
  }
  line;
  /** Every chosen code, ticked or typed. */
  get codes() {
    const boxes = this.form.querySelectorAll("input[name=code]:checked");
    return [.../* @__PURE__ */ new Set([...[...boxes].map((box) => box.value), ...this.typed])];
  }
  /** The codes in the line. */
  get typed() {
    return codes(this.line?.value ?? "");
  }
  has(code) {
    return this.typed.includes(code) || this.boxes(code).some((box) => box.checked);
  }
  /** Choose places, or choose them no longer; whoever listens to the form hears of it once. */
  set(wanted, on) {
    const typed = new Set(this.typed);
    const all = [...this.form.querySelectorAll("input[name=code]")];
    const byCode = new Map(all.map((box) => [box.value, all.filter((other) => other.value === box.value)]));
    for (const code of wanted) {
      const boxes = byCode.get(code) ?? [];
      for (const box of boxes) box.checked = on;
      if (on && boxes.length === 0) typed.add(code);
      if (!on) typed.delete(code);
    }
    if (this.line) this.line.value = [...typed].join(" ");
    (this.line ?? this.form).dispatchEvent(new Event("change", { bubbles: true }));
  }
  boxes(code) {
    return [...this.form.querySelectorAll("input[name=code]")].filter((box) => box.value === code);
  }
}
const TEXT_PX = 17;
const NAMES = ["ink", "paper", "land", "land-due", "silent", "hairline", "exercise", "live", "proven", "unproven", "failed"];
function colours() {
  const style2 = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style2.getPropertyValue(`--${name}`).trim()]));
}
const of = (...kinds) => ["in", ["get", "kind"], ["literal", kinds]];
function style(c, real, chosen, boxing) {
  const main = real ? c.live : c.exercise;
  const plain = ["==", ["get", "scheme"], "JISX0401"];
  const spelled = ["case", plain, ["get", "code"], ["concat", ["get", "scheme"], ":", ["get", "code"]]];
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) / TEXT_PX;
  const ticked = ["boolean", ["feature-state", "chosen"], false];
  const shown = (opacity) => boxing ? opacity : ["step", ["zoom"], 0, NEAR_ZOOM, opacity];
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
      paint: { "circle-radius": 9 * size, "circle-color": main, "circle-opacity": 0.45, "circle-stroke-color": main, "circle-stroke-width": 2.5 }
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
        "circle-stroke-width": 1.2
      }
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
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 4, 0.6, 8, 1.2]
      }
    }
  ];
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: new URL("/static/land.json", location.href).href, tolerance: 0.5 },
      units: { type: "geojson", data: new URL("/static/units.json", location.href).href, tolerance: 0.3 },
      places: { ...empty, promoteId: "code" },
      said: empty
    },
    layers
  };
}
function hatch(colour, both) {
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
function patterns(map, c) {
  for (const [name, image] of [["over", hatch(c.ink, false)], ["missed", hatch(c.failed, true)]]) {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image);
  }
}
const EARTH_KM = 6371.0088;
const CORNERS = 64;
const radians = (degrees2) => degrees2 * Math.PI / 180;
const degrees = (radians2) => radians2 * 180 / Math.PI;
function pair(text) {
  const [lat, lon] = text.split(",").map(Number);
  return lat !== void 0 && lon !== void 0 && Number.isFinite(lat) && Number.isFinite(lon) ? [lon, lat] : null;
}
function readRings(text) {
  return text.split("\n").map((line) => line.trim().split(/\s+/).map(pair)).filter((ring) => ring.length >= 4 && ring.every((one) => one !== null));
}
function readCircles(text) {
  return text.split("\n").flatMap((line) => {
    const [at, size] = line.trim().split(/\s+/);
    const centre = pair(at ?? "");
    const km = Number(size);
    return centre && km > 0 ? [{ centre, km }] : [];
  });
}
const written = ([lon, lat]) => `${lat.toFixed(4)},${lon.toFixed(4)}`;
function writeRing(ring) {
  const points = ring.map(written);
  if (points[0] !== void 0 && points[0] !== points.at(-1)) points.push(points[0]);
  return points.join(" ");
}
function writeCircle({ centre, km }) {
  return `${written(centre)} ${km.toFixed(km < 10 ? 2 : 1)}`;
}
function destination([lon, lat], bearing, km) {
  const arc = km / EARTH_KM;
  const north = Math.asin(
    Math.sin(radians(lat)) * Math.cos(arc) + Math.cos(radians(lat)) * Math.sin(arc) * Math.cos(radians(bearing))
  );
  const east = Math.atan2(
    Math.sin(radians(bearing)) * Math.sin(arc) * Math.cos(radians(lat)),
    Math.cos(arc) - Math.sin(radians(lat)) * Math.sin(north)
  );
  return [lon + degrees(east), degrees(north)];
}
function ringOf({ centre, km }) {
  const ring = Array.from({ length: CORNERS + 1 }, (_, n) => destination(centre, 360 * (n % CORNERS) / CORNERS, km));
  return ring.map(([lon, lat]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
}
function distance([lon1, lat1], [lon2, lat2]) {
  const half = (a) => Math.sin(a / 2) ** 2;
  const turn = half(radians(lat2 - lat1)) + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * half(radians(lon2 - lon1));
  return 2 * EARTH_KM * Math.asin(Math.sqrt(turn));
}
function circleOf(ring) {
  const lons = ring.map(([lon]) => lon);
  const lats = ring.map(([, lat]) => lat);
  const middle = (all) => (Math.min(...all) + Math.max(...all)) / 2;
  const centre = [middle(lons), middle(lats)];
  const far = ring.map((one) => distance(centre, one));
  return { centre, km: far.reduce((sum, one) => sum + one, 0) / far.length };
}
const MODES = ["pick", "box", "polygon", "circle", "ellipse", "select"];
const SAME_KM = 0.05;
const PAUSE_MS = 500;
function styles() {
  const c = colours();
  const fill = { fillColor: c.ink, fillOpacity: 0.12, outlineColor: c.ink, outlineWidth: 2.5 };
  const points = { closingPointColor: c.paper, closingPointOutlineColor: c.ink, closingPointWidth: 6, closingPointOutlineWidth: 2 };
  return { fill, points };
}
function modes() {
  const { fill, points } = styles();
  const corners = { midpoints: true, draggable: true, deletable: true };
  return [
    new me({ styles: { ...fill, ...points } }),
    new vt({ styles: fill }),
    new Mt({ styles: fill }),
    new ze({
      flags: {
        polygon: { feature: { draggable: true, coordinates: corners } },
        ellipse: { feature: { draggable: true, coordinates: corners } },
        circle: { feature: { draggable: true, coordinates: { midpoints: false, draggable: false, resizable: "center-fixed" } } }
      }
    }),
    new Pe({ modeName: "pick", styles: {} }),
    new Pe({ modeName: "box", styles: {} })
  ];
}
class Lines {
  polygons;
  circles;
  constructor(form) {
    this.polygons = form.elements.namedItem("polygon");
    this.circles = form.elements.namedItem("circle");
  }
  /** Write what is drawn; lines that are no shape yet are somebody's work and stay. */
  write(draw2) {
    const done = draw2.getSnapshot().filter((one) => one.geometry.type === "Polygon" && !one.properties.currentlyDrawing);
    const ring = (one) => one.geometry.coordinates[0];
    const round = done.filter((one) => one.properties.mode === "circle");
    const rings = done.filter((one) => one.properties.mode !== "circle");
    this.polygons.value = [...rest(this.polygons, (line) => readRings(line).length > 0), ...rings.map((one) => writeRing(ring(one)))].join("\n");
    this.circles.value = [...rest(this.circles, (line) => readCircles(line).length > 0), ...round.map((one) => writeCircle(circleOf(ring(one))))].join("\n");
  }
  read(draw2) {
    draw2.clear();
    const polygons = readRings(this.polygons.value).map((ring) => feature("polygon", ring));
    const circles = readCircles(this.circles.value).map((one) => feature("circle", ringOf(one)));
    draw2.addFeatures([...polygons, ...circles]);
  }
  add(field, line) {
    field.value = [field.value.trimEnd(), line].filter(Boolean).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
function rest(field, isShape) {
  return field.value.split("\n").filter((line) => line.trim() !== "" && !isShape(line));
}
function feature(mode, ring) {
  const rounded = ring.map(([lon, lat]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
  return { type: "Feature", properties: { mode }, geometry: { type: "Polygon", coordinates: [rounded] } };
}
function drawing(island, form, boxes) {
  const lines = new Lines(form);
  const draw2 = new to({ adapter: new i({ map: island.map, coordinatePrecision: 6 }), modes: modes() });
  draw2.start();
  const buttons = MODES.map((mode) => button(word(`draw.${mode}`), () => use(mode), { "data-mode": mode }));
  const use = (mode) => {
    draw2.setMode(mode);
    island.place.dataset.mode = mode;
    boxes(mode === "box");
    if (mode === "pick") island.map.cooperativeGestures.enable();
    else island.map.cooperativeGestures.disable();
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
  };
  const away = button(word("draw.away"), () => {
    lines.polygons.value = rest(lines.polygons, (line) => readRings(line).length > 0).join("\n");
    lines.circles.value = rest(lines.circles, (line) => readCircles(line).length > 0).join("\n");
    draw2.clear();
    changed();
  });
  island.tools.append(...buttons, away);
  const changed = covering(island, form);
  draw2.on("finish", () => {
    lines.write(draw2);
    changed();
  });
  for (const field of [lines.polygons, lines.circles]) {
    field.addEventListener("input", () => {
      lines.read(draw2);
      changed();
    });
  }
  form.addEventListener("change", changed);
  keys(island, lines, () => draw2.getModeState() === "drawing");
  lines.read(draw2);
  use("pick");
  changed();
}
function covering(island, form) {
  let waiting = 0;
  const ask = async () => {
    const body = new URLSearchParams([...new FormData(form)].flatMap(([name, value]) => typeof value === "string" ? [[name, value]] : []));
    const answer = await fetch("/desk/map/footprint", { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok) return;
    const said = await answer.json();
    island.show({ ...said, features: [...said.features.filter((one) => one.properties.kind !== "warned"), ...island.sites] });
  };
  return () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE_MS);
  };
}
function keys(island, lines, busy) {
  let corners = [];
  const canvas = island.map.getCanvas();
  canvas.addEventListener("keydown", (event) => {
    const mode = island.place.dataset.mode;
    if (event.key === "Escape") corners = [];
    if (event.key !== "Enter" || busy() || mode !== "polygon" && mode !== "circle") return;
    event.preventDefault();
    const { lng, lat } = island.map.getCenter();
    const here = [lng, lat];
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
const JAPAN = [122.5, 24, 146.5, 45.7];
const NEAR = "200px";
const AROUND_DEG = 2;
const LEGEND = ["warned", "named", "frame", "over", "missed", "swath", "impact", "track"];
const STATES = ["proven", "unproven", "failed", "begun", "silent", "down", "waiting", "site"];
class Island {
  constructor(place) {
    this.place = place;
    this.form = place.closest("form");
    this.choice = this.form && new Choice(this.form);
    const canvas = make("div", { class: "island-map" });
    this.map = new Map$1({
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
        "CooperativeGesturesHandler.MobileHelpText": word("map.fingers")
      }
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
      button(word("map.whole"), () => this.look())
    );
    const source = make("p", { class: "small quiet" }, word("map.source"));
    place.append(make("figure", { class: "island" }, this.tools, canvas, this.legend, this.figures, this.about, source));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
  }
  map;
  tools = make("div", { class: "island-tools", role: "toolbar", "aria-label": word("map.tools") });
  form;
  choice;
  figures = make("p", { role: "status", class: "small" });
  about = make("p", { role: "status", class: "small" });
  legend = make("ul", { class: "legend small" });
  said = { type: "FeatureCollection", features: [] };
  get real() {
    const chosen = this.form?.querySelector("input[name=purpose]:checked");
    return chosen ? chosen.value === "real" : this.place.dataset.real === "yes";
  }
  /** What the form chooses; nothing on a page that only shows. */
  get chosen() {
    return this.choice?.codes ?? [];
  }
  /** Draw with the colours of now and the boxes as they are ticked now. */
  repaint() {
    const c = colours();
    for (const layer of style(c, this.real, this.chosen, this.place.dataset.mode === "box").layers) {
      for (const [name, value] of Object.entries(layer.paint ?? {})) {
        this.map.setPaintProperty(layer.id, name, value);
      }
    }
    patterns(this.map, c);
  }
  /** Put what is said on the map, and in words beside it. */
  show(said) {
    this.said = said;
    void this.map.getSource("said")?.setData(said);
    const kinds = new Set(said.features.map((one) => one.properties.kind));
    const states = new Set(said.features.map((one) => one.properties.state));
    this.legend.replaceChildren(
      ...(this.form ? ["place", "picked"] : []).map((kind) => entry(kind, this.real)),
      ...LEGEND.filter((kind) => kinds.has(kind)).map((kind) => entry(kind, this.real)),
      ...STATES.filter((state) => states.has(state)).map((state) => entry(state, false))
    );
    this.figures.textContent = figures(said);
  }
  get sites() {
    return this.said.features.filter((one) => one.properties.kind === "site");
  }
  /** Look at everything that is said; without that at the sites, or at Japan. */
  look() {
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
  note = (text) => {
    this.about.textContent = text;
  };
  tell(point) {
    const near = [[point.x - 5, point.y - 5], [point.x + 5, point.y + 5]];
    const site = this.map.queryRenderedFeatures(near, { layers: ["sites"] })[0]?.properties;
    if (!site) return;
    const language = document.documentElement.lang;
    const name = `${site.code} ${site[language] ?? site.en}`;
    const state = word(`map.${site.state}`);
    this.about.replaceChildren(make("a", { href: `/desk/sites/${site.code}` }, name), `: ${state}`);
  }
}
function entry(kind, real) {
  return make("li", {}, make("span", { class: `swatch ${kind}${real ? " real" : ""}`, "aria-hidden": "true" }), word(`map.${kind}`));
}
function figures(said) {
  const km2 = (value) => (value ?? 0).toLocaleString(document.documentElement.lang);
  if (said.warned_km2 === void 0) return "";
  if (said.warned_km2 === 0) return word("map.unknown");
  const meant = word("map.meant", { km2: km2(said.warned_km2) });
  if (said.frame_km2 === null || said.frame_km2 === void 0) return `${meant} ${word("map.unframed")}`;
  const blanks = { km2: km2(said.frame_km2), over: km2(said.over_km2), missed: km2(said.missed_km2) };
  return `${meant} ${word("map.framed", blanks)}`;
}
function* positions(coordinates) {
  if (!Array.isArray(coordinates)) return;
  if (typeof coordinates[0] === "number") yield coordinates;
  else for (const one of coordinates) yield* positions(one);
}
async function fetched(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return await answer.json();
}
async function begin(place) {
  const island = new Island(place);
  const said = fetched(place.dataset.map ?? "");
  await island.map.once("load");
  place.classList.add("has-island");
  island.map.resize();
  island.show(await said);
  island.look();
  if (island.choice) drawing(island, island.choice.form, await picking(island, island.choice));
}
function islands() {
  if (!document.createElement("canvas").getContext("webgl2")) return;
  setWorkerUrl(new URL("/static/maplibre-gl-worker.mjs", location.href).href);
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        draw(target);
      }
    },
    { rootMargin: NEAR }
  );
  for (const place of document.querySelectorAll("[data-map]")) seen.observe(place);
}
function draw(place) {
  begin(place).catch((problem) => {
    place.querySelector("figure.island")?.remove();
    place.classList.remove("has-island");
    console.warn("the map cannot be drawn; the page's own stays", problem);
  });
}
export {
  Island,
  islands
};
