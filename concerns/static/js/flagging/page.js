// The page around the sealing: its sentences in the page's language, places to fill, and what is said when something fails.
//
// text(name, ...values)   one(selector)   all(selector)   fill(name, words, root)   trouble(name)   settled()   heading(words)

const source = document.getElementById("texts");
const texts = new Map(
  [...(source?.content.querySelectorAll("[data-text]") ?? [])].map((said) => [said.dataset.text, said.textContent]),
);
const title = document.title.replace(/^.* – /, "");

/** Addresses and limits, as the server wrote them. */
export const facts = source?.dataset ?? {};
export const has = (name) => texts.has(name);

/** A sentence with its places filled, one after the other. @param {string} name @param {...(string | number)} values */
export function text(name, ...values) {
  return values.reduce((said, value) => said.replace("%s", () => String(value)), texts.get(name) ?? "");
}

/** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement} */
export const one = (selector, root = document) => root.querySelector(selector);
/** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement[]} */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Put words where `data-show` names them; a row without words is hidden. @param {string} name @param {string} words @param {ParentNode} [root] */
export function fill(name, words, root = document) {
  for (const place of all(`[data-show="${name}"]`, root)) {
    place.textContent = words;
    (place.closest(".govuk-summary-list__row") ?? place).hidden = !words;
  }
}

/** Say loudly that nothing was sent, and why. @param {string} name @param {boolean} [plain] whether the page without scripts may help */
export function trouble(name, plain = false) {
  const panel = document.getElementById("seal-trouble");
  one("[data-trouble]", panel).textContent = text(`trouble:${name}`) || text("trouble:broken");
  one("[data-trouble-plain]", panel).hidden = !plain;
  panel.hidden = false;
  panel.focus();
}

/** Take the last trouble off the page. */
export function settled() {
  document.getElementById("seal-trouble").hidden = true;
}

/** The page's one heading, and its title. @param {string} words */
export function heading(words) {
  const first = one("h1");
  first.textContent = words;
  first.tabIndex = -1;
  document.title = `${words} – ${title}`;
  first.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** From now on the page is the one that seals on this device. */
export function takeOver() {
  document.documentElement.classList.add("concerns-sealing");
  for (const form of all("form[data-seal]")) form.dataset.taken = "yes";
  // a page that a browser kept whole would show what somebody else wrote
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
}
