// Picking: a click on a unit, or the space bar with the cross on it, ticks its box in the form, or writes its code there.
import type { Island } from "./map";
import { word } from "./words";

function tick(island: Island, point: { x: number; y: number }): void {
  const [found] = island.map.queryRenderedFeatures([point.x, point.y], { layers: ["units"] });
  if (!found || !island.form) return;
  const { scheme, code } = found.properties;
  const field = island.form.querySelector<HTMLInputElement>(
    scheme === "JISX0401" ? `input[name=code][value="${code}"]` : "input[name=more_codes]",
  );
  if (!field) return;
  if (field.type === "checkbox") field.checked = !field.checked;
  else field.value = toggled(codes(field.value), `${scheme}:${code}`).join(" ");
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The codes typed in a field. */
export function codes(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function toggled(list: string[], one: string): string[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

/** Let the map tick boxes; `drawing` decides when a click means something else (data-mode). */
export function picking(island: Island): void {
  const { map, place } = island;
  map.on("click", (event) => {
    if ((place.dataset.mode ?? "pick") === "pick") tick(island, event.point);
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    tick(island, map.project(map.getCenter()));
  });
  island.form?.addEventListener("change", (event) => {
    const name = event.target instanceof HTMLInputElement ? event.target.name : "";
    if (["code", "more_codes", "purpose"].includes(name)) island.repaint();
  });
  map.getCanvas().setAttribute("aria-label", word("map.pickable"));
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
