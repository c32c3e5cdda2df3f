// Keys to move by. No single key issues, approves or retracts anything, and all of them can be switched off.
import { button, make } from "./elements";
import { word } from "./words";

const OFF = "satwarn-keys-off";
const ROWS = "main td a[href], main ul.list a[href]";

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], canvas, dialog") !== null;
}

function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[next]?.focus();
}

function entry(keys: string, does: string): HTMLElement[] {
  return [make("dt", {}, make("kbd", {}, keys)), make("dd", {}, does)];
}

function help(): HTMLDialogElement {
  const off = make("input", { type: "checkbox", checked: localStorage.getItem(OFF) === "yes" });
  off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "yes" : "no"));
  const pages = [...document.querySelectorAll<HTMLAnchorElement>("nav a[accesskey]")].flatMap((link) =>
    entry(`Alt ${link.accessKey}`, link.textContent),
  );
  const list = make(
    "dl",
    { class: "keys" },
    ...entry("?", word("keys.help")),
    ...entry("j  k", word("keys.list")),
    ...entry("Esc", word("keys.close")),
    ...pages,
  );
  if (document.querySelector("[data-map]")) {
    list.append(
      ...entry("← ↑ → ↓  + −", word("keys.pan")),
      ...entry(word("keys.space"), word("keys.pick")),
      ...entry(word("keys.enter"), word("keys.corner")),
    );
  }
  const close = make("form", { method: "dialog" }, make("button", { class: "go" }, word("keys.shut")));
  return make(
    "dialog",
    { "aria-labelledby": "keys-title" },
    make("h2", { id: "keys-title" }, word("keys.title")),
    list,
    make("p", {}, word("keys.never")),
    make("label", { class: "tick" }, off, word("keys.off")),
    close,
  );
}

/** Listen for keys, and offer their list at the foot of the page. */
export function keyboard(): void {
  const foot = document.querySelector("footer");
  if (!foot || !document.querySelector("header nav")) return;
  const dialog = document.body.appendChild(help());
  foot.append(button(word("keys.title"), () => dialog.showModal()));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (localStorage.getItem(OFF) === "yes") return;
    if (event.key === "?") dialog.showModal();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else return;
    event.preventDefault();
  });
}
