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
function tick(island, point) {
  const [found] = island.map.queryRenderedFeatures([point.x, point.y], { layers: ["units"] });
  if (!found || !island.form) return;
  const { scheme, code } = found.properties;
  const field = island.form.querySelector(
    scheme === "JISX0401" ? `input[name=code][value="${code}"]` : "input[name=more_codes]"
  );
  if (!field) return;
  if (field.type === "checkbox") field.checked = !field.checked;
  else field.value = toggled(codes(field.value), `${scheme}:${code}`).join(" ");
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
function codes(text) {
  return text.split(/[\s,]+/).filter(Boolean);
}
function toggled(list, one) {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}
function picking(island) {
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
function pickingOnPaper(paper) {
  const box = (code) => document.querySelector(`input[name=code][value="${code}"]`);
  const paint = (code) => paper.querySelector(`[data-code="${code}"]`)?.classList.toggle("chosen", box(code)?.checked ?? false);
  paper.addEventListener("click", (event) => {
    const piece = event.target instanceof Element ? event.target.closest("[data-code]") : null;
    const found = box(piece?.dataset.code ?? "");
    if (!found) return;
    found.checked = !found.checked;
    found.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === "code") paint(event.target.value);
  });
}
export {
  picking as a,
  button as b,
  codes as c,
  make as m,
  pickingOnPaper as p,
  word as w
};
