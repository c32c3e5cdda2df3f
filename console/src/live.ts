// News: when the ledger grows, the parts of the page that may change are fetched and put in, and said politely.
// What somebody is about to agree on is never changed under their eyes: there the page says that it is old.
import { make } from "./elements";
import { assents } from "./passkey";
import { word } from "./words";

const PAUSE_MS = 250; // news come in bursts: a site's receipts are taken together
const AGAIN_MS = 3000;
const RECEIPTS = new Set(["receipt", "fault"]);
const SILENT = new Set(["transmit"]);

const told = make("p", { role: "status", "aria-live": "polite", class: "unseen" });
const link = make("p", { role: "status", class: "link-state", hidden: true });
let signedOut = false;

function busy(part: Element): boolean {
  const at = document.activeElement;
  return at instanceof HTMLInputElement && part.contains(at) && at.value !== "";
}

/** What stands there, whatever somebody has opened of it. */
function shut(part: Element): string {
  const copy = part.cloneNode(true) as Element;
  for (const one of copy.querySelectorAll("details")) one.removeAttribute("open");
  return copy.innerHTML;
}

/** Put new content in, and the focus back where it was. */
function put(part: Element, fresh: Element): boolean {
  if (shut(part) === shut(fresh) || busy(part)) return false;
  const at = document.activeElement;
  const [id, href] = at && part.contains(at) ? [at.id, at.getAttribute("href")] : ["", null];
  const opened = [...part.querySelectorAll("details[open]")].map((one) => one.id);
  part.replaceChildren(...document.importNode(fresh, true).childNodes);
  for (const one of part.querySelectorAll("details")) one.open ||= one.id !== "" && opened.includes(one.id);
  assents(part);
  const again = id ? document.getElementById(id) : href === null ? null : find(part, href);
  again?.focus();
  return true;
}

function find(part: Element, href: string): HTMLElement | null {
  return [...part.querySelectorAll<HTMLElement>("a[href]")].find((one) => one.getAttribute("href") === href) ?? null;
}

/** Rows stay where they are, lest a click meets another one; that they stand otherwise by now is said above them. */
function reordered(main: Element, fresh: Element): void {
  const line = main.querySelector("[data-reordered]");
  const rows = (page: Element) => [...page.querySelectorAll("tr[data-live]")].map((row) => row.id).join(" ");
  if (line && rows(main) !== rows(fresh)) line.replaceChildren(make("a", { href: address() }, word("live.reordered")));
}

/** Whether somebody has typed something, or is asked to agree on exactly what the page shows. */
function atWork(): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("main input[type=text], main textarea")];
  return document.querySelector("main form[data-ask]") !== null || fields.some((one) => one.value !== one.defaultValue);
}

/** Where this page can be looked at again: the answer to a form has an address that nobody can look at. */
function address(): string {
  return document.getElementById("main")?.dataset.at ?? location.href;
}

function old(): void {
  if (document.getElementById("old")) return;
  const again = make("a", { href: address() }, word("live.again"));
  document.getElementById("main")?.prepend(make("div", { id: "old", class: "problem", role: "alert" }, `${word("live.old")} `, again));
}

function summary(page: Document): string {
  const lines = [...page.querySelectorAll("main h1, main .lead")];
  return lines.map((one) => one.textContent.trim().replace(/\s+/g, " ")).join(". ");
}

/** Say that what stands here may be old; the time stays that of the first failure. */
function lose(): void {
  if (link.hidden) link.replaceChildren(word("live.lost", { time: new Date().toLocaleTimeString(document.documentElement.lang, { timeZoneName: "short" }) }));
  link.hidden = false;
}

function found(): void {
  if (!signedOut) link.hidden = true;
}

async function look(): Promise<void> {
  const answer = await fetch(address(), { credentials: "same-origin", headers: { accept: "text/html" } });
  if (answer.redirected) {
    signedOut = true;
    link.hidden = false;
    link.replaceChildren(word("live.out"));
    return;
  }
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = document.getElementById("main");
  const fresh = page.getElementById("main");
  if (!main || !fresh) return;
  const before = summary(document);
  main.dataset.entries = fresh.dataset.entries ?? "";
  if (main.dataset.version !== fresh.dataset.version) {
    const stays = atWork() || main.dataset.still !== undefined; // a list of people or orders never moves by itself
    if (stays) old();
    else location.replace(address());
    return;
  }
  let changed = false;
  for (const part of main.querySelectorAll("[data-live]")) {
    const again = page.getElementById(part.id);
    if (again && put(part, again)) changed = true;
  }
  reordered(main, fresh);
  const after = summary(document);
  if (changed) told.textContent = after === before ? word("live.changed") : after;
}

/** A list that must not move while it is read: a line above it counts what is new, and leads there. */
function counting(): (entry: { position: number; deed?: string; subject?: string }) => void {
  const line = document.querySelector<HTMLElement>("main [data-newer]");
  let matching = 0;
  return ({ position, deed, subject }) => {
    if (!line) return;
    const { subject: only = "", kinds = "" } = line.dataset;
    if (deed !== undefined && (!only || subject === only) && (!kinds || kinds.split(",").includes(deed))) matching += 1;
    const count = only || kinds ? matching : position - Number(line.dataset.newer);
    if (count > 0) line.replaceChildren(make("a", { href: address() }, word("live.newer", { count })));
  };
}

/** Follow the ledger as long as the page is open. */
export function live(): void {
  if (!document.querySelector("main [data-live], main[data-version], main [data-newer]")) return;
  document.body.append(told, link);
  const receipts = document.querySelector("main [data-receipts]") !== null;
  const count = counting();
  let waiting = 0;
  let line: EventSource | undefined;
  const changing = document.querySelector("main [data-live], main[data-version]") !== null;
  const soon = () => {
    if (waiting || document.hidden || !changing) return;
    waiting = window.setTimeout(() => {
      waiting = 0;
      look().then(() => found(), () => lose());
    }, PAUSE_MS);
  };
  const follow = () => {
    const known = document.getElementById("main")?.dataset.entries ?? "";
    const events = new EventSource(`/desk/events?since=${known}`);
    line = events;
    events.addEventListener("entry", (event) => {
      const { data, lastEventId } = event as MessageEvent<string>;
      const { deed, subject } = JSON.parse(data) as { deed: string; subject: string };
      count({ position: Number(lastEventId), deed, subject });
      if (!SILENT.has(deed) && (receipts || !RECEIPTS.has(deed))) soon();
    });
    events.addEventListener("missed", (event) => {
      count({ position: Number((event as MessageEvent<string>).lastEventId) });
      soon();
    });
    events.addEventListener("open", () => {
      found();
    });
    events.addEventListener("error", () => {
      lose();
      if (events.readyState === EventSource.CLOSED) window.setTimeout(again, AGAIN_MS);
    });
  };
  const again = () => {
    if (!document.hidden && line?.readyState === EventSource.CLOSED) follow();
  };
  follow();
  // A browser keeps few connections to one host: a page nobody looks at gives its own back.
  document.addEventListener("visibilitychange", () => (document.hidden ? line?.close() : again()));
  window.addEventListener("pagehide", () => window.clearTimeout(waiting));
}
