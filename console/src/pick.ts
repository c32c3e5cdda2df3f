// Picking: a click, the space bar with the cross on it, a box drawn over many, or a name. From far the map's units are
// meant, from near the towns in them: a click beside a town never takes the whole prefecture.
import { box } from "./box";
import type { Choice } from "./choice";
import { button, make } from "./elements";
import type { Island } from "./map";
import { NEAR_ZOOM, Places, type Pixel } from "./places";
import { word } from "./words";

const NAMED = 13; // as many names as are said before a number says the rest

const LISTED = 60; // the line above holds all

interface Pickable {
  code: string;
  name: string;
  unit?: string;
}

class Picker {
  private readonly label = make("div", { class: "island-name", "aria-hidden": "true", hidden: true });
  boxing = false;

  constructor(
    readonly island: Island,
    readonly choice: Choice,
    readonly places: Places,
  ) {
    island.map.getContainer().append(this.label);
  }

  get isNear(): boolean {
    return this.boxing || this.island.map.getZoom() >= NEAR_ZOOM;
  }

  /** What a click at a pixel would mean. */
  under(point: Pixel): Pickable | undefined {
    if (this.isNear) return this.places.under(point);
    const [found] = this.island.map.queryRenderedFeatures([point.x, point.y], { layers: ["units"] });
    if (!found) return undefined;
    const told = found.properties as Record<string, string>;
    const code = told.scheme === "JISX0401" ? (told.code ?? "") : `${told.scheme}:${told.code}`;
    return { code, name: told[document.documentElement.lang] ?? told.en ?? code };
  }

  pick(point: Pixel): void {
    const found = this.under(point);
    if (found) this.toggle(found);
    else this.island.note(this.isNear ? word("pick.beside") : "");
  }

  toggle(one: Pickable): void {
    if (one.unit && this.choice.has(one.unit)) {
      this.island.note(word("pick.within", { name: one.name }));
      return;
    }
    const on = !this.choice.has(one.code);
    this.choice.set([one.code], on);
    this.island.note(word(on ? "pick.chosen" : "pick.dropped", { name: one.name }));
  }

  /** Choose all in a box; where all are chosen already, none of them. */
  together(a: Pixel, b: Pixel): void {
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
  name(point: Pixel | undefined): Pickable | undefined {
    const found = point && this.under(point);
    this.label.hidden = !found;
    if (!found) return undefined;
    this.label.textContent = `${found.name} ${found.code}`;
    const { clientWidth } = this.island.map.getContainer();
    const left = point.x > clientWidth / 2;
    this.label.style.cssText = `top:${point.y + 14}px;${left ? `right:${clientWidth - point.x + 8}px` : `left:${point.x + 8}px`}`;
    return found;
  }
}

function byPointer(picker: Picker): void {
  const { map, place } = picker.island;
  map.on("click", (event) => {
    if ((place.dataset.mode ?? "pick") === "pick") picker.pick(event.point);
  });
  map.on("mousemove", (event) => picker.name(event.point));
  map.on("mouseout", () => picker.name(undefined));
  map.on("movestart", () => picker.name(undefined));
}

function byKeys(picker: Picker): void {
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
  canvas.addEventListener("blur", () => picker.name(undefined));
  canvas.setAttribute("aria-label", word("map.pickable"));
}

/** Names find places: the field is the page's own; what is found can be chosen without the page being sent. */
function byName(picker: Picker): void {
  const field = picker.choice.form.querySelector<HTMLInputElement>("input[name=find]");
  const list = picker.choice.form.querySelector<HTMLElement>("#found");
  if (!field || !list) return;
  const find = async () => {
    const answer = await fetch(`/desk/map/find?name=${encodeURIComponent(field.value)}`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = (await answer.json()) as Pickable[];
    const [only] = found;
    if (!only) list.replaceChildren(word("pick.unknown", { name: field.value }));
    else list.replaceChildren(...found.map((one) => button(`${one.code} ${one.name}`, () => show(one))));
    if (only && found.length === 1) show(only);
  };
  const show = (one: Pickable) => {
    const known = picker.places.get(one.code);
    picker.toggle(known ?? one);
    if (known) picker.island.map.jumpTo({ center: known.at, zoom: Math.max(picker.island.map.getZoom(), NEAR_ZOOM + 1) });
  };
  const asked = (event: Event) => {
    if (!field.value.trim()) return;
    event.preventDefault();
    find().catch(() => picker.choice.form.requestSubmit(by));
  };
  const by = picker.choice.form.querySelector<HTMLButtonElement>("button[value=find]");
  by?.addEventListener("click", asked);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") asked(event);
  });
}

/** The chosen places of the line by name, each with a button that takes it back. */
function listing({ choice, places }: Picker): () => void {
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

/** Let the map tick boxes and fill the line of codes, and follow both; returns what `drawing` switches boxes with. */
export async function picking(island: Island, choice: Choice): Promise<(on: boolean) => void> {
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

/** The same on the page's own drawn map, for browsers that cannot draw the large one. */
export function pickingOnPaper(paper: SVGElement): void {
  const box = (code: string) => document.querySelector<HTMLInputElement>(`input[name=code][value="${code}"]`);
  const paint = (code: string) =>
    paper.querySelector(`[data-code="${code}"]`)?.classList.toggle("chosen", box(code)?.checked ?? false);
  paper.addEventListener("click", (event) => {
    const piece = event.target instanceof Element ? event.target.closest<SVGElement>("[data-code]") : null;
    const found = box(piece?.dataset.code ?? "");
    if (!found) return;
    found.checked = !found.checked;
    found.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === "code") paint(event.target.value);
  });
}
