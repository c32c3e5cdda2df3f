// The console works without this. It adds passkeys, picking on the map, and looking again when something happened.
const b64 = {
  bytes: (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)),
  text: (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, ""),
};

async function ask(url, form) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name !== "answer" && typeof value === "string") body.append(name, value);
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function show(options) {
  const publicKey = { ...options, challenge: b64.bytes(options.challenge) };
  publicKey.allowCredentials = (options.allowCredentials ?? []).map((one) => ({ ...one, id: b64.bytes(one.id) }));
  const key = await navigator.credentials.get({ publicKey });
  const r = key.response;
  return JSON.stringify({
    id: key.id, rawId: key.id, type: key.type,
    response: {
      clientDataJSON: b64.text(r.clientDataJSON), authenticatorData: b64.text(r.authenticatorData),
      signature: b64.text(r.signature), userHandle: r.userHandle ? b64.text(r.userHandle) : null,
    },
  });
}

async function make(options) {
  const publicKey = { ...options, challenge: b64.bytes(options.challenge), user: { ...options.user, id: b64.bytes(options.user.id) } };
  publicKey.excludeCredentials = (options.excludeCredentials ?? []).map((one) => ({ ...one, id: b64.bytes(one.id) }));
  const key = await navigator.credentials.create({ publicKey });
  return JSON.stringify({
    id: key.id, rawId: key.id, type: key.type,
    response: { clientDataJSON: b64.text(key.response.clientDataJSON), attestationObject: b64.text(key.response.attestationObject) },
  });
}

function say(form, error) {
  const box = form.querySelector(".problem") ?? form.appendChild(document.createElement("p"));
  box.className = "problem";
  box.setAttribute("role", "alert");
  box.textContent = error.message;
}

function answering(form, url, how, needed) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (!needed(form)) return;
    event.preventDefault();
    try {
      form.elements.answer.value = await how(await ask(url, form));
      form.submit();
    } catch (error) {
      say(form, error);
    }
  });
}

if (window.PublicKeyCredential) {
  const into = document.getElementById("passkey");
  if (into) answering(into, "/desk/sign-in/ask", show, () => true);
  const fresh = document.getElementById("new-passkey");
  if (fresh) answering(fresh, "/desk/me/passkey/ask", make, () => true);
  for (const form of document.querySelectorAll("form[data-ask]")) {
    answering(form, form.dataset.ask, show, (f) => f.elements.code.value.trim() === "");
  }
}

// Pick on the map: a click ticks the box of the same code; keys go to the boxes themselves.
const map = document.querySelector("svg.map.pick");
if (map) {
  const box = (code) => document.querySelector(`input[name=code][value="${code}"]`);
  const paint = (code) => map.querySelector(`[data-code="${code}"]`)?.classList.toggle("chosen", box(code).checked);
  map.addEventListener("click", (event) => {
    const code = event.target.closest("[data-code]")?.dataset.code;
    if (!code) return;
    box(code).checked = !box(code).checked;
    paint(code);
  });
  document.addEventListener("change", (event) => event.target.name === "code" && paint(event.target.value));
}

// Look again when something happened, but never while somebody is filling in a form.
if (document.body.querySelector("header nav") && !document.querySelector("form input[type=text], textarea")) {
  const events = new EventSource("/desk/events");
  for (const deed of ["propose", "submit", "agree", "approve", "refuse", "issue", "update", "clear", "retract", "expire", "break-glass", "unlock-retraction"]) {
    events.addEventListener(deed, () => location.reload());
  }
}
