function make(tag, attributes = {}, ...children) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== void 0) found.setAttribute(name, value === true ? "" : value);
  }
  found.append(...children);
  return found;
}
function button(text, does, attributes = {}) {
  const found = make("button", { type: "button", ...attributes }, text);
  found.addEventListener("click", does);
  return found;
}
const kept = document.getElementById("words")?.textContent ?? "{}";
const words = JSON.parse(kept);
function word(key, blanks = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(blanks[name] ?? whole));
}
const SMALLEST_PX = 4;
function box({ map, note }, done) {
  const field = map.getCanvasContainer();
  const frame = make("div", { class: "island-box", hidden: true });
  map.getContainer().append(frame);
  let on = false;
  let corner;
  const at = (event) => {
    const { left, top } = field.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const stop = () => {
    corner = void 0;
    frame.hidden = true;
  };
  field.addEventListener("pointerdown", (event) => {
    if (!on || event.button !== 0) return;
    corner = at(event);
    field.setPointerCapture(event.pointerId);
  });
  field.addEventListener("pointermove", (event) => {
    if (!on || !corner || !field.hasPointerCapture(event.pointerId)) return;
    const here = at(event);
    const [x, y] = [Math.min(corner.x, here.x), Math.min(corner.y, here.y)];
    frame.hidden = false;
    frame.style.cssText = `left:${x}px;top:${y}px;width:${Math.abs(here.x - corner.x)}px;height:${Math.abs(here.y - corner.y)}px`;
  });
  field.addEventListener("pointerup", (event) => {
    if (!on || !corner || !field.hasPointerCapture(event.pointerId)) return;
    const [from, to] = [corner, at(event)];
    stop();
    if (Math.hypot(to.x - from.x, to.y - from.y) >= SMALLEST_PX) done(from, to);
  });
  field.addEventListener("pointercancel", stop);
  withKeys(map.getCanvas(), () => on, {
    here: () => map.getCenter(),
    say: (count) => note(count ? word("draw.corners", { count }) : ""),
    done: (a, b) => done(map.project(a), map.project(b))
  });
  return (now) => {
    on = now;
    stop();
    field.style.touchAction = now ? "none" : "";
    if (now) map.dragPan.disable();
    else map.dragPan.enable();
  };
}
function withKeys(canvas, isOn, corners) {
  let first;
  canvas.addEventListener("keydown", (event) => {
    if (!isOn() || event.key === "Escape") first = void 0;
    if (!isOn() || event.key !== "Enter") return;
    event.preventDefault();
    const from = first;
    first = from === void 0 ? corners.here() : void 0;
    if (from === void 0) corners.say(1);
    else corners.done(from, corners.here());
  });
}
const NEAR_ZOOM = 7;
const REACH_PX = 14;
const SOURCE = "places";
function town({ properties, geometry }) {
  const own = properties[document.documentElement.lang] ?? properties.en ?? properties.ja ?? properties.de ?? properties.ko;
  return { code: properties.code ?? "", unit: properties.in ?? "", name: own ?? properties.code ?? "", at: geometry.coordinates };
}
class Places {
  constructor(map, all) {
    this.map = map;
    this.all = all;
    this.byCode = new Map(all.map((one) => [one.code, one]));
  }
  painted = /* @__PURE__ */ new Map();
  byCode;
  static async on(map) {
    const answer = await fetch("/static/places.json");
    if (!answer.ok) throw new Error(`places: ${answer.status}`);
    const read = await answer.json();
    void map.getSource(SOURCE)?.setData(read);
    return new Places(map, read.features.map(town));
  }
  get(code) {
    return this.byCode.get(code);
  }
  /** The one nearest a pixel of the map, as far as a finger reaches. */
  under(point) {
    const reach = (one) => {
      const { x, y } = this.map.project(one.at);
      return Math.hypot(x - point.x, y - point.y);
    };
    const close = this.inside({ x: point.x - REACH_PX, y: point.y - REACH_PX }, { x: point.x + REACH_PX, y: point.y + REACH_PX });
    const [nearest] = close.map((one) => ({ one, off: reach(one) })).sort((a, b) => a.off - b.off);
    return nearest && nearest.off <= REACH_PX ? nearest.one : void 0;
  }
  /** All between two pixels of the map. */
  inside(a, b) {
    const [one, other] = [this.map.unproject([a.x, a.y]), this.map.unproject([b.x, b.y])];
    const [west, east] = [Math.min(one.lng, other.lng), Math.max(one.lng, other.lng)];
    const [south, north] = [Math.min(one.lat, other.lat), Math.max(one.lat, other.lat)];
    return this.all.filter(({ at: [lon, lat] }) => lon >= west && lon <= east && lat >= south && lat <= north);
  }
  /** Draw what is chosen, itself or with its unit, as chosen; only what has changed is told to the map. */
  paint(chosen) {
    const known = new Set(chosen);
    for (const { code, unit } of this.all) {
      const on = known.has(code) || known.has(unit);
      if ((this.painted.get(code) ?? false) === on) continue;
      this.map.setFeatureState({ source: SOURCE, id: code }, { chosen: on });
      this.painted.set(code, on);
    }
  }
}
const NAMED = 13;
const LISTED = 60;
class Picker {
  constructor(island, choice, places) {
    this.island = island;
    this.choice = choice;
    this.places = places;
    island.map.getContainer().append(this.label);
  }
  label = make("div", { class: "island-name", "aria-hidden": "true", hidden: true });
  boxing = false;
  get isNear() {
    return this.boxing || this.island.map.getZoom() >= NEAR_ZOOM;
  }
  /** What a click at a pixel would mean. */
  under(point) {
    if (this.isNear) return this.places.under(point);
    const [found] = this.island.map.queryRenderedFeatures([point.x, point.y], { layers: ["units"] });
    if (!found) return void 0;
    const told = found.properties;
    const code = told.scheme === "JISX0401" ? told.code ?? "" : `${told.scheme}:${told.code}`;
    return { code, name: told[document.documentElement.lang] ?? told.en ?? code };
  }
  pick(point) {
    const found = this.under(point);
    if (found) this.toggle(found);
    else this.island.note(this.isNear ? word("pick.beside") : "");
  }
  toggle(one) {
    if (one.unit && this.choice.has(one.unit)) {
      this.island.note(word("pick.within", { name: one.name }));
      return;
    }
    const on = !this.choice.has(one.code);
    this.choice.set([one.code], on);
    this.island.note(word(on ? "pick.chosen" : "pick.dropped", { name: one.name }));
  }
  /** Choose all in a box; where all are chosen already, none of them. */
  together(a, b) {
    const known = new Set(this.choice.codes);
    const free = this.places.inside(a, b).filter((one) => !known.has(one.unit));
    const fresh = free.filter((one) => !known.has(one.code));
    const changed = fresh.length ? fresh : free;
    if (changed.length) this.choice.set(changed.map((one) => one.code), fresh.length > 0);
    const names = changed.slice(0, NAMED).map((one) => one.name).join(", ");
    const said = changed.length > NAMED ? `${names} … (${changed.length})` : names;
    this.island.note(said ? word(fresh.length ? "pick.chosen" : "pick.dropped", { name: said }) : word("pick.none"));
  }
  /** Show the name at a pixel beside it; nothing where nothing is. */
  name(point) {
    const found = point && this.under(point);
    this.label.hidden = !found;
    if (!found) return void 0;
    this.label.textContent = `${found.name} ${found.code}`;
    const { clientWidth } = this.island.map.getContainer();
    const left = point.x > clientWidth / 2;
    this.label.style.cssText = `top:${point.y + 14}px;${left ? `right:${clientWidth - point.x + 8}px` : `left:${point.x + 8}px`}`;
    return found;
  }
}
function byPointer(picker) {
  const { map, place } = picker.island;
  map.on("click", (event) => {
    if ((place.dataset.mode ?? "pick") === "pick") picker.pick(event.point);
  });
  map.on("mousemove", (event) => picker.name(event.point));
  map.on("mouseout", () => picker.name(void 0));
  map.on("movestart", () => picker.name(void 0));
}
function byKeys(picker) {
  const { map } = picker.island;
  const canvas = map.getCanvas();
  const cross = () => map.project(map.getCenter());
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    picker.pick(cross());
  });
  const said = () => {
    if (!canvas.matches(":focus-visible")) return;
    const found = picker.name(cross());
    if (found) picker.island.note(word("pick.under", { name: `${found.name} ${found.code}` }));
  };
  map.on("moveend", said);
  canvas.addEventListener("focus", said);
  canvas.addEventListener("blur", () => picker.name(void 0));
  canvas.setAttribute("aria-label", word("map.pickable"));
}
function byName(picker) {
  const field = picker.choice.form.querySelector("input[name=find]");
  const list = picker.choice.form.querySelector("#found");
  if (!field || !list) return;
  const find = async () => {
    const answer = await fetch(`/desk/map/find?name=${encodeURIComponent(field.value)}`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    const [only] = found;
    if (!only) list.replaceChildren(word("pick.unknown", { name: field.value }));
    else list.replaceChildren(...found.map((one) => button(`${one.code} ${one.name}`, () => show(one))));
    if (only && found.length === 1) show(only);
  };
  const show = (one) => {
    const known = picker.places.get(one.code);
    picker.toggle(known ?? one);
    if (known) picker.island.map.jumpTo({ center: known.at, zoom: Math.max(picker.island.map.getZoom(), NEAR_ZOOM + 1) });
  };
  const asked = (event) => {
    if (!field.value.trim()) return;
    event.preventDefault();
    find().catch(() => picker.choice.form.requestSubmit(by));
  };
  const by = picker.choice.form.querySelector("button[value=find]");
  by?.addEventListener("click", asked);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") asked(event);
  });
}
function listing({ choice, places }) {
  const list = choice.form.querySelector("#chosen");
  return () => {
    const typed = choice.typed;
    const entries = typed.slice(0, LISTED).map((code) => {
      const name = `${code} ${places.get(code)?.name ?? ""}`.trim();
      const away = button("×", () => choice.set([code], false), { "aria-label": word("pick.away", { name }) });
      return make("li", {}, name, away);
    });
    if (typed.length > LISTED) entries.push(make("li", {}, `… (${typed.length})`));
    list?.replaceChildren(...entries);
  };
}
async function picking(island, choice) {
  const picker = new Picker(island, choice, await Places.on(island.map));
  const list = listing(picker);
  const follow = () => {
    picker.places.paint(choice.codes);
    list();
  };
  byPointer(picker);
  byKeys(picker);
  byName(picker);
  const boxes = box(island, (a, b) => picker.together(a, b));
  choice.form.addEventListener("change", (event) => {
    const name = event.target instanceof HTMLInputElement ? event.target.name : "";
    if (["code", "more_codes", "purpose"].includes(name)) island.repaint();
    follow();
  });
  follow();
  return (on) => {
    picker.boxing = on;
    boxes(on);
    island.repaint();
  };
}
function pickingOnPaper(paper) {
  const box2 = (code) => document.querySelector(`input[name=code][value="${code}"]`);
  const paint = (code) => paper.querySelector(`[data-code="${code}"]`)?.classList.toggle("chosen", box2(code)?.checked ?? false);
  paper.addEventListener("click", (event) => {
    const piece = event.target instanceof Element ? event.target.closest("[data-code]") : null;
    const found = box2(piece?.dataset.code ?? "");
    if (!found) return;
    found.checked = !found.checked;
    found.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === "code") paint(event.target.value);
  });
}
export {
  NEAR_ZOOM as N,
  picking as a,
  button as b,
  make as m,
  pickingOnPaper as p,
  word as w
};
