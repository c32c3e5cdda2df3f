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

/** Put new content in, and the focus back where it was. */
function put(part: Element, fresh: Element): boolean {
  if (part.innerHTML === fresh.innerHTML || busy(part)) return false;
  const at = document.activeElement;
  const mark = at && part.contains(at) ? (at.id ? `#${at.id}` : at.getAttribute("href")) : null;
  part.replaceChildren(...document.importNode(fresh, true).childNodes);
  assents(part);
  if (mark) {
    const again = mark.startsWith("#") ? part.querySelector<HTMLElement>(mark) : find(part, mark);
    again?.focus();
  }
  return true;
}

function find(part: Element, href: string): HTMLElement | null {
  return [...part.querySelectorAll<HTMLElement>("a[href]")].find((one) => one.getAttribute("href") === href) ?? null;
}

/** Whether somebody has typed something, or is asked to agree on exactly what the page shows. */
function atWork(): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("main input[type=text], main textarea")];
  return document.querySelector("main form[data-ask]") !== null || fields.some((one) => one.value !== one.defaultValue);
}

function old(): void {
  if (document.getElementById("old")) return;
  const again = make("a", { href: location.href }, word("live.again"));
  document.getElementById("main")?.prepend(make("div", { id: "old", class: "problem", role: "alert" }, `${word("live.old")} `, again));
}

function summary(page: Document): string {
  const lines = [...page.querySelectorAll("main h1, main .lead")];
  return lines.map((one) => one.textContent?.trim().replace(/\s+/g, " ") ?? "").join(". ");
}

/** Say that what stands here may be old; the time stays that of the first failure. */
function lose(): void {
  if (link.hidden) link.replaceChildren(word("live.lost", { time: new Date().toLocaleTimeString() }));
  link.hidden = false;
}

function found(): void {
  if (!signedOut) link.hidden = true;
}

async function look(): Promise<void> {
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { accept: "text/html" } });
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
    if (atWork()) return old();
    location.reload();
    return;
  }
  let changed = false;
  for (const part of main.querySelectorAll("[data-live]")) {
    const again = page.getElementById(part.id);
    if (again && put(part, again)) changed = true;
  }
  const after = summary(document);
  if (changed) told.textContent = after === before ? word("live.changed") : after;
}

/** Follow the ledger as long as the page is open. */
export function live(): void {
  if (!document.querySelector("main [data-live], main[data-version]")) return;
  document.body.append(told, link);
  const receipts = document.querySelector("main [data-receipts]") !== null;
  let waiting = 0;
  let line: EventSource | undefined;
  const soon = () => {
    if (waiting || document.hidden) return;
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
      const { deed } = JSON.parse((event as MessageEvent<string>).data) as { deed: string };
      if (!SILENT.has(deed) && (receipts || !RECEIPTS.has(deed))) soon();
    });
    events.addEventListener("missed", soon);
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
