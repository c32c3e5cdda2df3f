// Passkeys: the browser asks the person's key what the page asks of it, and puts the answer into the form.
type Options = PublicKeyCredentialRequestOptionsJSON & PublicKeyCredentialCreationOptionsJSON;

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const said = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return said.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function known(list: PublicKeyCredentialDescriptorJSON[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map((one) => ({ id: bytes(one.id), type: "public-key" }));
}

function field(form: HTMLFormElement, name: string): HTMLInputElement | null {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement ? found : null;
}

async function ask(url: string, form: HTMLFormElement): Promise<Options> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name !== "answer" && typeof value === "string") body.append(name, value);
  }
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Options;
}

async function show(options: Options): Promise<string> {
  const { challenge, allowCredentials, timeout, rpId, userVerification } = options;
  const key = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(challenge),
      allowCredentials: known(allowCredentials),
      ...(timeout === undefined ? {} : { timeout }),
      ...(rpId === undefined ? {} : { rpId }),
      ...(userVerification === undefined ? {} : { userVerification: userVerification as UserVerificationRequirement }),
    },
  });
  if (!(key instanceof PublicKeyCredential)) throw new Error("no passkey answered");
  const said = key.response as AuthenticatorAssertionResponse;
  return JSON.stringify({
    id: key.id,
    rawId: key.id,
    type: key.type,
    response: {
      clientDataJSON: text(said.clientDataJSON),
      authenticatorData: text(said.authenticatorData),
      signature: text(said.signature),
      userHandle: said.userHandle ? text(said.userHandle) : null,
    },
  });
}

async function create(options: Options): Promise<string> {
  const asked = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const key = await navigator.credentials.create({ publicKey: asked });
  if (!(key instanceof PublicKeyCredential)) throw new Error("no passkey was made");
  const said = key.response as AuthenticatorAttestationResponse;
  return JSON.stringify({
    id: key.id,
    rawId: key.id,
    type: key.type,
    response: { clientDataJSON: text(said.clientDataJSON), attestationObject: text(said.attestationObject) },
  });
}

function say(form: HTMLFormElement, problem: unknown): void {
  const box = form.querySelector(".problem") ?? form.appendChild(document.createElement("p"));
  box.className = "problem";
  box.setAttribute("role", "alert");
  box.textContent = problem instanceof Error ? problem.message : String(problem);
}

function answering(form: HTMLFormElement, url: string, how: (asked: Options) => Promise<string>, needed: () => boolean): void {
  form.hidden = false;
  const send = async (answer: HTMLInputElement) => {
    answer.value = await how(await ask(url, form));
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    const answer = field(form, "answer");
    if (!answer || !needed()) return;
    event.preventDefault();
    send(answer).catch((problem: unknown) => say(form, problem));
  });
}

/** Let every form that can be answered by a passkey be answered by one. */
export function passkeys(): void {
  if (!("PublicKeyCredential" in window)) return; // not on a page that came unprotected
  const into = document.querySelector<HTMLFormElement>("form#passkey");
  if (into) answering(into, "/desk/sign-in/ask", show, () => true);
  const fresh = document.querySelector<HTMLFormElement>("form#new-passkey");
  if (fresh) answering(fresh, "/desk/me/passkey/ask", create, () => true);
  assents(document);
}

/** The same for the forms that give one's assent, below an element that is new on the page. */
export function assents(below: ParentNode): void {
  if (!("PublicKeyCredential" in window)) return; // not on a page that came unprotected
  for (const form of below.querySelectorAll<HTMLFormElement>("form[data-ask]")) {
    answering(form, form.dataset.ask ?? "", show, () => field(form, "code")?.value.trim() === "");
  }
}
