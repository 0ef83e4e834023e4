// Asks the device for a passkey and puts its answer into the form. The answer is made by hand from what is checked:
// `credential.toJSON()` would also hold what extensions give, a secret of the device among it.
const known = Boolean(window.PublicKeyCredential);

/** @param {ArrayBuffer} buffer @returns {string} base64url without padding */
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** @param {string} text base64url @returns {Uint8Array} */
const fromText = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const named = ({ id, ...rest }) => ({ ...rest, id: fromText(id) });

async function make(options) {
  const publicKey = {
    ...options,
    challenge: fromText(options.challenge),
    user: named(options.user),
    excludeCredentials: (options.excludeCredentials ?? []).map(named),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
    },
  };
}

async function use(options) {
  const found = await navigator.credentials.get({ publicKey: { ...options, challenge: fromText(options.challenge) } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return {
    id: found.id,
    rawId: toText(found.rawId),
    type: found.type,
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

if (known) for (const one of document.querySelectorAll("[data-passkeys]")) one.hidden = false;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const trouble = document.getElementById("passkey-trouble");
  const button = form.querySelector("button");
  if (!known) trouble.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    if (!known) return;
    button.disabled = true;
    trouble.hidden = true;
    try {
      const options = JSON.parse(form.dataset.options);
      form.elements.credential.value = JSON.stringify(await (form.dataset.passkey === "make" ? make : use)(options));
      form.submit();
    } catch {
      // she stopped it, the device knows none, or it took too long: a browser does not say which
      button.disabled = false;
      trouble.hidden = false;
      trouble.focus();
    }
  });
}
