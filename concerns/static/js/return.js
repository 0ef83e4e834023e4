// Coming back with the nine words: the thread is opened, read, answered and taken back on this device.
import { DoorError, getKeys, post } from "./flagging/door.js";
import { over, right, saysSomething, value, wrong } from "./flagging/fields.js";
import { all, facts, heading, one, settled, takeOver, text, trouble } from "./flagging/page.js";
import { outside } from "./flagging/parcel.js";
import { BadPhoto, drawnAnew } from "./flagging/photos.js";
import { Altered, openThread } from "./flagging/thread.js";
import { showThread } from "./flagging/thread_page.js";
import { random, toText } from "./sealing/bytes.js";
import { nextLink } from "./sealing/chain.js";
import { ready } from "./sealing/curves.js";
import { headerOf, KIND, seal, toWire } from "./sealing/envelope.js";
import { BadReceipt, derive, readReceipt } from "./sealing/receipt.js";

const ABOUT = { add: "detail", detriment: "detriment", closing: "closing" };

class Returning {
  /** @param {import("./flagging/door.js").Keys} keys */
  constructor(keys) {
    this.keys = keys;
    this.unsent = new Map();
    for (const form of all("form[data-seal]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.act(form);
      });
    }
    one("[data-take-back]")?.addEventListener("click", () => this.careful(() => this.takeBack()));
  }

  /** @param {HTMLFormElement} form */
  act(form) {
    right(form);
    const step = form.dataset.seal;
    if (step === "open") return this.careful(() => this.open(form));
    if (step === "photo") return this.careful(() => this.photo(form));
    if (step === "take-back") return this.ask();
    return this.careful(() => this.add(form, step));
  }

  /** One thing at a time; whatever fails is said, and what was typed stays. */
  async careful(act) {
    if (this.busy) return;
    this.busy = true;
    settled();
    try {
      await act();
    } catch (error) {
      trouble(error instanceof DoorError ? error.word : error instanceof Altered ? "altered" : "cannot-seal");
    } finally {
      this.busy = false;
      const status = one("[data-opening]");
      if (status) status.textContent = "";
    }
  }

  async open(form) {
    let receipt;
    const typed = value(form, "receipt");
    if (!typed) return wrong(form, "receipt", text("empty-words"));
    try {
      receipt = readReceipt(typed);
    } catch (error) {
      if (!(error instanceof BadReceipt)) throw error;
      const words = error.unknown.slice(0, 9).map((word) => `“${word.slice(0, 20)}”`).join(", ");
      return wrong(form, "receipt", words ? text("unknown-words", words) : text("nothing"));
    }
    one("[data-opening]").textContent = text("opening");
    this.own = await derive(receipt.entropy, this.keys.siteId);
    // a slip in the words looks like words that open nothing, from here and from outside
    if (!receipt.whole) this.own.lookup = random(16);
    if (!(await this.read())) return this.nothing(form);
    form.remove();
    for (const only of all("[data-only=first]")) only.hidden = true;
    one("#thread").hidden = false;
    heading(text("thread-heading"));
    history.replaceState(null, "", location.pathname);
  }

  /** Fetch and open the thread anew. @returns {Promise<boolean>} whether there is one */
  async read() {
    const answer = await post(facts.open, { lookup: toText(this.own.lookup) });
    if (!answer.found) return false;
    this.thread = await openThread(this.keys, this.own, answer);
    showThread(this.thread);
    return true;
  }

  nothing(form) {
    wrong(form, "receipt", `${text("nothing")}. ${text("nothing-advice")}`);
  }

  async add(form, step) {
    const payload = {
      text: value(form, "text"),
      about: ABOUT[step],
      agree: value(form, "agree"),
      feedback: value(form, "feedback"),
      again: value(form, "again"),
    };
    const ticked = step === "closing" && (payload.feedback || payload.again);
    if (!saysSomething(payload.text) && !ticked) return wrong(form, "text", text(step === "add" ? "empty-detail" : `empty-${step}`));
    const [most, written] = facts.limits.split(" ").map(Number);
    const more = over([payload.text], most, written);
    if (more) return wrong(form, "text", text("too-long", more));
    await this.deliver(step, JSON.stringify(payload), () => {
      const link = nextLink(this.thread.ownDetails, this.thread.newestOfGuardians);
      return this.seal(KIND.DETAIL, { ...payload, ...link }, this.own.signSeed);
    });
    form.reset();
    this.done();
  }

  async photo(form) {
    const field = one("input[type=file]", form);
    if (!field.files.length) return wrong(form, "photo", text("photo-none"));
    let drawn;
    try {
      drawn = await drawnAnew(field.files[0]);
    } catch (error) {
      return wrong(form, "photo", text(`photo:${error instanceof BadPhoto ? error.why : "broken"}`));
    }
    if (this.thread.answer.photos >= 3) return wrong(form, "photo", text("photo-many"));
    const data = toText(drawn.bytes);
    await this.deliver("photo", data, () => this.seal(KIND.FILE, { type: "image/jpeg", data }));
    form.reset();
    this.done();
  }

  /** Post the same bytes until the door has them: a lost answer doubles nothing. */
  async deliver(step, same, make) {
    const kept = this.unsent.get(step);
    const sealed = kept?.same === same ? kept.sealed : toWire(await make());
    this.unsent.set(step, { same, sealed });
    const answer = await post(facts.add, { lookup: toText(this.own.lookup), sealed: [sealed] });
    if (!answer.found) throw new DoorError("gone");
    this.unsent.delete(step);
    await this.read();
  }

  seal(kind, payload, signSeed = null) {
    const recipients = [...this.keys.guardians.map((guardian) => guardian.kem), this.thread.holder.publicKey];
    const header = headerOf(kind, this.keys.siteId, this.thread.threadId);
    return seal(header, payload, recipients, { signSeed, excluded: outside(this.keys, this.thread.exclusions) });
  }

  done() {
    const said = one("[data-done]");
    said.hidden = false;
    said.tabIndex = -1;
    said.focus();
    window.scrollTo(0, 0);
  }

  ask() {
    const really = one("[data-really]");
    really.hidden = false;
    one("button", really).focus();
  }

  async takeBack() {
    const answer = await post(facts.takeBack, { lookup: toText(this.own.lookup) });
    if (!answer.found) throw new DoorError("gone");
    this.own = this.thread = null;
    one("#thread").remove();
    const gone = one("#gone");
    gone.hidden = false;
    heading(gone.dataset.heading);
  }
}

async function start() {
  if (!one('form[data-seal="open"]')) return;
  try {
    if (!window.crypto?.subtle) throw new Error("this browser cannot seal");
    const [keys] = await Promise.all([getKeys(), ready()]);
    takeOver();
    new Returning(keys);
  } catch (error) {
    const word = error instanceof DoorError ? error.word : "cannot-seal";
    trouble(word === "network" || word === "broken" ? "page" : word, word === "cannot-seal");
  }
}

start();
