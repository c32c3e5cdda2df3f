import { b as button, w as word, m as make, p as pickingOnPaper } from "./pick.js";
const scriptRel = function detectScriptRel() {
  const relList = typeof document !== "undefined" && document.createElement("link").relList;
  return relList && relList.supports && relList.supports("modulepreload") ? "modulepreload" : "preload";
}();
const assetsURL = function(dep, importerUrl) {
  return new URL(dep, importerUrl).href;
};
const seen = {};
const __vitePreload = function preload(baseModule, deps, importerUrl) {
  let promise = Promise.resolve();
  if (deps && deps.length > 0) {
    const links = document.getElementsByTagName("link");
    const cspNonceMeta = document.querySelector(
      "meta[property=csp-nonce]"
    );
    const cspNonce = cspNonceMeta?.nonce || cspNonceMeta?.getAttribute("nonce");
    promise = Promise.allSettled(
      deps.map((dep) => {
        dep = assetsURL(dep, importerUrl);
        if (dep in seen) return;
        seen[dep] = true;
        const isCss = dep.endsWith(".css");
        const cssSelector = isCss ? '[rel="stylesheet"]' : "";
        const isBaseRelative = !!importerUrl;
        if (isBaseRelative) {
          for (let i = links.length - 1; i >= 0; i--) {
            const link22 = links[i];
            if (link22.href === dep && (!isCss || link22.rel === "stylesheet")) {
              return;
            }
          }
        } else if (document.querySelector(`link[href="${dep}"]${cssSelector}`)) {
          return;
        }
        const link2 = document.createElement("link");
        link2.rel = isCss ? "stylesheet" : scriptRel;
        if (!isCss) {
          link2.as = "script";
        }
        link2.crossOrigin = "";
        link2.href = dep;
        if (cspNonce) {
          link2.setAttribute("nonce", cspNonce);
        }
        document.head.appendChild(link2);
        if (isCss) {
          return new Promise((res, rej) => {
            link2.addEventListener("load", res);
            link2.addEventListener(
              "error",
              () => rej(new Error(`Unable to preload CSS for ${dep}`))
            );
          });
        }
      })
    );
  }
  function handlePreloadError(err) {
    const e = new Event("vite:preloadError", {
      cancelable: true
    });
    e.payload = err;
    window.dispatchEvent(e);
    if (!e.defaultPrevented) {
      throw err;
    }
  }
  return promise.then((res) => {
    for (const item of res || []) {
      if (item.status !== "rejected") continue;
      handlePreloadError(item.reason);
    }
    return baseModule().catch(handlePreloadError);
  });
};
const OFF = "satwarn-keys-off";
const ROWS = "main td a[href], main ul.list a[href]";
function typing(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], canvas, dialog") !== null;
}
function step(by) {
  const rows = [...document.querySelectorAll(ROWS)];
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? by > 0 ? 0 : rows.length - 1 : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[next]?.focus();
}
function entry(keys, does) {
  return [make("dt", {}, make("kbd", {}, keys)), make("dd", {}, does)];
}
function help() {
  const off = make("input", { type: "checkbox", checked: localStorage.getItem(OFF) === "yes" });
  off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "yes" : "no"));
  const pages = [...document.querySelectorAll("nav a[accesskey]")].flatMap(
    (link2) => entry(`Alt ${link2.accessKey}`, link2.textContent)
  );
  const list = make(
    "dl",
    { class: "keys" },
    ...entry("?", word("keys.help")),
    ...entry("j  k", word("keys.list")),
    ...entry("Esc", word("keys.close")),
    ...pages
  );
  if (document.querySelector("[data-map]")) {
    list.append(
      ...entry("← ↑ → ↓  + −", word("keys.pan")),
      ...entry(word("keys.space"), word("keys.pick")),
      ...entry(word("keys.enter"), word("keys.corner"))
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
    close
  );
}
function keyboard() {
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
function bytes(text2) {
  return Uint8Array.from(atob(text2.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
}
function text(buffer) {
  const said = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return said.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
function known(list) {
  return (list ?? []).map((one) => ({ id: bytes(one.id), type: "public-key" }));
}
function field(form, name) {
  const found2 = form.elements.namedItem(name);
  return found2 instanceof HTMLInputElement ? found2 : null;
}
async function ask(url, form) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name !== "answer" && typeof value === "string") body.append(name, value);
  }
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) throw new Error(await answer.text());
  return await answer.json();
}
async function show(options) {
  const { challenge, allowCredentials, timeout, rpId, userVerification } = options;
  const key = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(challenge),
      allowCredentials: known(allowCredentials),
      ...timeout === void 0 ? {} : { timeout },
      ...rpId === void 0 ? {} : { rpId },
      ...userVerification === void 0 ? {} : { userVerification }
    }
  });
  if (!(key instanceof PublicKeyCredential)) throw new Error("no passkey answered");
  const said = key.response;
  return JSON.stringify({
    id: key.id,
    rawId: key.id,
    type: key.type,
    response: {
      clientDataJSON: text(said.clientDataJSON),
      authenticatorData: text(said.authenticatorData),
      signature: text(said.signature),
      userHandle: said.userHandle ? text(said.userHandle) : null
    }
  });
}
async function create(options) {
  const asked = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials)
  };
  const key = await navigator.credentials.create({ publicKey: asked });
  if (!(key instanceof PublicKeyCredential)) throw new Error("no passkey was made");
  const said = key.response;
  return JSON.stringify({
    id: key.id,
    rawId: key.id,
    type: key.type,
    response: { clientDataJSON: text(said.clientDataJSON), attestationObject: text(said.attestationObject) }
  });
}
function say(form, problem) {
  const box = form.querySelector(".problem") ?? form.appendChild(document.createElement("p"));
  box.className = "problem";
  box.setAttribute("role", "alert");
  box.textContent = problem instanceof Error ? problem.message : String(problem);
}
function answering(form, url, how, needed) {
  form.hidden = false;
  const send = async (answer) => {
    answer.value = await how(await ask(url, form));
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    const answer = field(form, "answer");
    if (!answer || !needed()) return;
    event.preventDefault();
    send(answer).catch((problem) => say(form, problem));
  });
}
function passkeys() {
  if (!("PublicKeyCredential" in window)) return;
  const into = document.querySelector("form#passkey");
  if (into) answering(into, "/desk/sign-in/ask", show, () => true);
  const fresh = document.querySelector("form#new-passkey");
  if (fresh) answering(fresh, "/desk/me/passkey/ask", create, () => true);
  assents(document);
}
function assents(below) {
  if (!("PublicKeyCredential" in window)) return;
  for (const form of below.querySelectorAll("form[data-ask]")) {
    answering(form, form.dataset.ask ?? "", show, () => field(form, "code")?.value.trim() === "");
  }
}
const PAUSE_MS = 250;
const AGAIN_MS = 3e3;
const RECEIPTS = /* @__PURE__ */ new Set(["receipt", "fault"]);
const SILENT = /* @__PURE__ */ new Set(["transmit"]);
const told = make("p", { role: "status", "aria-live": "polite", class: "unseen" });
const link = make("p", { role: "status", class: "link-state", hidden: true });
let signedOut = false;
function busy(part) {
  const at = document.activeElement;
  return at instanceof HTMLInputElement && part.contains(at) && at.value !== "";
}
function shut(part) {
  const copy = part.cloneNode(true);
  for (const one of copy.querySelectorAll("details")) one.removeAttribute("open");
  return copy.innerHTML;
}
function put(part, fresh) {
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
function find(part, href) {
  return [...part.querySelectorAll("a[href]")].find((one) => one.getAttribute("href") === href) ?? null;
}
function reordered(main, fresh) {
  const line = main.querySelector("[data-reordered]");
  const rows = (page) => [...page.querySelectorAll("tr[data-live]")].map((row) => row.id).join(" ");
  if (line && rows(main) !== rows(fresh)) line.replaceChildren(make("a", { href: address() }, word("live.reordered")));
}
function atWork() {
  const fields = [...document.querySelectorAll("main input[type=text], main textarea")];
  return document.querySelector("main form[data-ask]") !== null || fields.some((one) => one.value !== one.defaultValue);
}
function address() {
  return document.getElementById("main")?.dataset.at ?? location.href;
}
function old() {
  if (document.getElementById("old")) return;
  const again = make("a", { href: address() }, word("live.again"));
  document.getElementById("main")?.prepend(make("div", { id: "old", class: "problem", role: "alert" }, `${word("live.old")} `, again));
}
function summary(page) {
  const lines = [...page.querySelectorAll("main h1, main .lead")];
  return lines.map((one) => one.textContent.trim().replace(/\s+/g, " ")).join(". ");
}
function lose() {
  if (link.hidden) link.replaceChildren(word("live.lost", { time: (/* @__PURE__ */ new Date()).toLocaleTimeString(document.documentElement.lang, { timeZoneName: "short" }) }));
  link.hidden = false;
}
function found() {
  if (!signedOut) link.hidden = true;
}
async function look() {
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
    const stays = atWork() || main.dataset.still !== void 0;
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
function counting() {
  const line = document.querySelector("main [data-newer]");
  let matching = 0;
  return ({ position, deed, subject }) => {
    if (!line) return;
    const { subject: only = "", kinds = "" } = line.dataset;
    if (deed !== void 0 && (!only || subject === only) && (!kinds || kinds.split(",").includes(deed))) matching += 1;
    const count = only || kinds ? matching : position - Number(line.dataset.newer);
    if (count > 0) line.replaceChildren(make("a", { href: address() }, word("live.newer", { count })));
  };
}
function live() {
  if (!document.querySelector("main [data-live], main[data-version], main [data-newer]")) return;
  document.body.append(told, link);
  const receipts = document.querySelector("main [data-receipts]") !== null;
  const count = counting();
  let waiting = 0;
  let line;
  const changing = document.querySelector("main [data-live], main[data-version]") !== null;
  const soon = () => {
    if (waiting || document.hidden || !changing) return;
    waiting = window.setTimeout(() => {
      waiting = 0;
      look().then(() => found(), () => lose());
    }, PAUSE_MS);
  };
  const follow = () => {
    const known2 = document.getElementById("main")?.dataset.entries ?? "";
    const events = new EventSource(`/desk/events?since=${known2}`);
    line = events;
    events.addEventListener("entry", (event) => {
      const { data, lastEventId } = event;
      const { deed, subject } = JSON.parse(data);
      count({ position: Number(lastEventId), deed, subject });
      if (!SILENT.has(deed) && (receipts || !RECEIPTS.has(deed))) soon();
    });
    events.addEventListener("missed", (event) => {
      count({ position: Number(event.lastEventId) });
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
  document.addEventListener("visibilitychange", () => document.hidden ? line?.close() : again());
  window.addEventListener("pagehide", () => window.clearTimeout(waiting));
}
passkeys();
keyboard();
if (document.querySelector("header nav")) live();
for (const paper of document.querySelectorAll("svg.map.pick")) pickingOnPaper(paper);
if (document.querySelector("[data-map]")) {
  void __vitePreload(async () => {
    const { islands } = await import("./map.js");
    return { islands };
  }, true ? [] : void 0, import.meta.url).then(({ islands }) => islands());
}
