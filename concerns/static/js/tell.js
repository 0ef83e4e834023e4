// The form on which a concern is told, sealed on this device: a step at a time, a check, Send, and the nine words.
import { fields, over, right, said, saysSomething, value, values, wrong } from "./flagging/fields.js";
import { DoorError, getKeys, post, work } from "./flagging/door.js";
import { Album } from "./flagging/album.js";
import { Found } from "./flagging/found.js";
import { all, facts, fill, has, heading, one, settled, takeOver, text, trouble } from "./flagging/page.js";
import { sealConcern } from "./flagging/parcel.js";
import { Steps } from "./flagging/steps.js";
import { ready } from "./sealing/curves.js";
import { digitsOf, wordsOf } from "./sealing/receipt.js";

const WORK_LASTS = 8 * 60_000;
const TEXTS = ["text", "cause", "help"];
const ANSWERS = ["kind", "factors", "danger", "area", "worry", "consent", "why", "exclude", "wish"];

class Telling {
  /** @param {HTMLFormElement} form @param {import("./flagging/door.js").Keys} keys */
  constructor(form, keys) {
    this.form = form;
    this.keys = keys;
    this.working = null;
    this.sent = { said: "", sealed: null };
    // an organisation may leave questions out
    const photos = one("#photos-group");
    this.album = photos ? new Album(photos) : { photos: [], clear: () => {} };
    this.found = TEXTS.filter((name) => fields(form, name).length).map((name) => new Found(form, name));
    this.steps = new Steps(form, { mayLeave: (place) => this.mayLeave(place), atCheck: () => this.showCheck() });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.steps.next();
    });
    form.addEventListener("change", () => this.warn());
    one("[data-go=check]").addEventListener("click", () => this.steps.check());
    one("[data-go=back]").addEventListener("click", () => history.back());
    one("[data-send]").addEventListener("click", () => this.send());
    this.warn();
    this.startWork();
  }

  /** Begin the sum that keeps machines out while she still writes. */
  startWork() {
    this.working = { since: Date.now(), done: work(this.keys.challenge) };
    this.working.done.catch(() => {}); // said when it is needed
  }

  warn() {
    one(".concerns-ring-now").hidden = value(this.form, "danger") !== "yes";
  }

  /** Whether this part may be left: what is wrong is said beside its field. @param {number} place */
  mayLeave(place) {
    right(this.form);
    const wanted = { form: this.form, texts: TEXTS.map((name) => value(this.form, name)) };
    const [most, written, contact] = facts.limits.split(" ").map(Number);
    const how = value(this.form, "how");
    if (!saysSomething(wanted.texts[0])) return this.refuse("text", text("empty"));
    const more = over(wanted.texts, most, written);
    if (more) return this.refuse("text", text("too-long", more));
    if (place < this.steps.last - 1) return true;
    const wish = value(this.form, "wish");
    if (wish && !saysSomething(how)) return this.refuse("how", text("how-missing"));
    if (how && !wish) return this.refuse("how", text("how-alone"));
    const tooMuch = over([how], contact, contact);
    if (tooMuch) return this.refuse("how", text("contact-too-long", tooMuch));
    const code = codeOf(value(this.form, "code"));
    if (code && code.length !== 16) return this.refuse("code", text("code-shape"));
    return true;
  }

  refuse(name, words) {
    const part = one(`[data-name="${name}"]`, this.form).closest(".concerns-step");
    const place = this.steps.parts.indexOf(part);
    if (place >= 0 && place !== this.steps.place) this.steps.show(place, false);
    wrong(this.form, name, words);
    return false;
  }

  showCheck() {
    for (const name of TEXTS) fill(name, value(this.form, name));
    for (const name of ANSWERS) fill(name, name === "wish" && !value(this.form, name) ? "" : said(this.form, name));
    fill("danger", said(this.form, "danger") || text("not-answered"));
    const excluded = value(this.form, "exclude");
    if (!excluded) fill("exclude", "");
    fill("how", value(this.form, "how"));
    fill("photos", this.album.photos.length ? text("photos", this.album.photos.length) : "");
    const sees = one('[data-show="readers-see"]').previousElementSibling;
    sees.dataset.all ??= sees.textContent;
    sees.textContent = has(`readers:${excluded}`) ? text(`readers:${excluded}`) : sees.dataset.all;
    for (const found of this.found) found.look(); // what was written a moment ago too
    const spotted = this.found.some((one) => one.count > 0);
    one("[data-nothing-found]").hidden = spotted;
    one("[data-something-found]").hidden = !spotted;
    one("[data-sending]").textContent = "";
  }

  /** Everything that was told, as the envelopes hold it. */
  get told() {
    const get = (name) => value(this.form, name);
    const [exclude, wish] = [get("exclude"), get("wish")];
    const flag = {
      text: get("text"),
      cause: get("cause"),
      factors: values(this.form, "factors"),
      help: get("help"),
      kind: get("kind"),
      area: get("area") || "not-said",
      worry: get("worry"),
      consent: get("consent"),
      danger: get("danger"),
      why: get("why"),
      exclusions: exclude ? [exclude] : [],
      language: facts.language,
      channel: "online",
      mode: wish ? "confidential" : "anonymous",
    };
    return { flag, contact: { wish, how: get("how") }, photos: this.album.photos, code: codeOf(get("code")) };
  }

  async send() {
    const [button, status] = [one("[data-send]"), one("[data-sending]")];
    if (button.getAttribute("aria-disabled") === "true" || !this.mayLeave(this.steps.last)) return;
    button.setAttribute("aria-disabled", "true");
    settled();
    try {
      await this.post(status);
    } catch (error) {
      status.textContent = "";
      trouble(error instanceof DoorError ? error.word : "cannot-seal");
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  /** Seal what is on the page, once as long as it stays the same, and post it until the door says that it has it. */
  async post(status, tries = 2) {
    status.textContent = text("sealing");
    const told = this.told;
    const same = JSON.stringify([told.flag, told.contact, told.code, this.keys.newest, told.photos.map((one) => one.length)]);
    if (this.sent.said !== same) this.sent = { said: same, sealed: await sealConcern(this.keys, told) };
    const { entropy, parcel } = this.sent.sealed;
    status.textContent = text(told.code ? "sending" : "working");
    const done = told.code ? this.filler : await this.proof();
    status.textContent = text("sending");
    try {
      await post(facts.tell, { ...parcel, work: done });
    } catch (error) {
      if (!(error instanceof DoorError) || !tries) throw error;
      if (error.word === "work") await this.renew();
      else if (error.word === "sent-before") this.sent = { said: "", sealed: null };
      else if (error.word === "envelope" && (await this.keysChanged())) throw new DoorError("keys");
      else throw error;
      await this.post(status, tries - 1);
      return;
    }
    this.receipt(entropy, told.flag.danger === "yes");
  }

  /** As long as a proof of work: whether somebody has a code must not show in the size of what she sends. */
  get filler() {
    const proof = { challenge: this.keys.challenge, counter: "0".repeat(10), key: "0".repeat(64) };
    return " ".repeat(JSON.stringify(proof).length - 2);
  }

  async proof() {
    if (Date.now() - this.working.since > WORK_LASTS) await this.renew();
    return this.working.done;
  }

  async renew() {
    this.keys.challenge = (await getKeys()).challenge;
    this.startWork();
  }

  async keysChanged() {
    const keys = await getKeys();
    const changed = keys.newest !== this.keys.newest;
    this.keys = keys;
    showCode(keys);
    return changed;
  }

  /** The nine words, once. Nothing of what was written is left on the page. */
  receipt(entropy, danger) {
    const box = one("#receipt");
    const items = all(".concerns-receipt__words li", box);
    for (const [place, word] of wordsOf(entropy).entries()) items[place].textContent = word;
    const groups = digitsOf(entropy).match(/.{4}/g);
    const places = all(".concerns-receipt__digits > span:not(.govuk-visually-hidden)", box);
    for (const [place, group] of groups.entries()) places[place].textContent = group;
    one("[data-if-danger]").hidden = !danger;
    one("[data-if-no-danger]").hidden = danger;
    this.steps.finish();
    this.sent = { said: "", sealed: null };
    this.form.reset();
    this.album.clear();
    for (const found of this.found) found.clear();
    for (const name of [...TEXTS, ...ANSWERS, "how", "photos"]) fill(name, "");
    this.form.remove();
    one("#check").remove();
    box.hidden = false;
    heading(box.dataset.heading);
  }
}

/** A staff code as the server reads it. @param {string} typed */
const codeOf = (typed) => typed.toUpperCase().replace(/[\s\p{Pd}\u2212]/gu, "");

/** @param {import("./flagging/door.js").Keys} keys */
const showCode = (keys) => {
  for (const place of all("[data-check-code]")) place.textContent = keys.checkCode;
};

async function start() {
  const form = one('form[data-seal="tell"]');
  if (!form) return;
  try {
    if (!window.crypto?.subtle) throw new Error("this browser cannot seal");
    const [keys] = await Promise.all([getKeys(), ready()]);
    showCode(keys);
    takeOver();
    new Telling(form, keys);
  } catch (error) {
    // loudly, before anything is written; the guard lets nothing through
    const word = error instanceof DoorError ? error.word : "cannot-seal";
    trouble(word === "network" || word === "broken" ? "page" : word, word === "cannot-seal");
  }
}

start();
