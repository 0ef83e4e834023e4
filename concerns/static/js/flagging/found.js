// Details in a text that may point to somebody: underlined while she writes, each with a wider wording to tap. Never blocks.
//
// new Found(form, name) -> .count   .clear()
import { spot, wider } from "../words/spotter.js";
import { fields } from "./fields.js";
import { all, has, one, text } from "./page.js";

const PAUSE = 300;
/** More would hide the text below them; the rest is underlined all the same. */
const MOST_LISTED = 8;

export class Found {
  /** @param {HTMLFormElement} form @param {string} name of the text's field */
  constructor(form, name) {
    [this.field] = fields(form, name);
    this.box = one(`[data-found="${name}"]`);
    this.kept = new Set();
    this.spans = [];
    this.mirror = document.createElement("div");
    this.mirror.className = "govuk-textarea concerns-mirror";
    this.mirror.setAttribute("aria-hidden", "true");
    const frame = document.createElement("div");
    frame.className = "concerns-mirrored";
    this.field.before(frame);
    frame.append(this.mirror, this.field);
    this.field.addEventListener("input", () => this.later());
    this.field.addEventListener("scroll", () => this.follow());
    this.look();
  }

  get count() {
    return this.spans.length;
  }

  clear() {
    this.field.value = "";
    this.kept.clear();
    this.look();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
    this.mirror.replaceChildren(); // a line under the wrong letters is worse than none
  }

  look() {
    this.letters = [...this.field.value];
    const kept = (span) => this.kept.has(`${span.kind} ${this.words(span)}`);
    try {
      this.spans = spot(this.field.value).filter((span) => !kept(span));
    } catch {
      this.spans = []; // it helps where it can, and never stands in the way
    }
    this.underline();
    this.list();
  }

  words({ start, end }) {
    return this.letters.slice(start, end).join("");
  }

  underline() {
    const pieces = [];
    let place = 0;
    for (const span of this.spans) {
      const mark = document.createElement("mark");
      mark.textContent = this.words(span);
      pieces.push(this.letters.slice(place, span.start).join(""), mark);
      place = span.end;
    }
    pieces.push(`${this.letters.slice(place).join("")}\n`);
    this.mirror.replaceChildren(...pieces);
    this.follow();
  }

  follow() {
    this.mirror.scrollTop = this.field.scrollTop;
  }

  list() {
    const count = this.spans.length;
    this.box.hidden = count === 0;
    const said = count === 1 ? text("found-one") : text("found-many", count);
    const status = one("[data-found-count]", this.box);
    if (status.textContent !== said) status.textContent = said;
    one("ul", this.box).replaceChildren(...this.spans.slice(0, MOST_LISTED).map((span) => this.item(span)));
  }

  item(span) {
    const item = document.createElement("li");
    const words = document.createElement("strong");
    words.textContent = this.words(span);
    item.append(words, ` (${text(`found:${span.kind}`)}) `);
    const instead = this.instead(span);
    if (instead) item.append(this.button(text("found-change", instead), span, instead));
    item.append(this.button(text("found-out"), span, ""), this.button(text("found-keep"), span, null));
    return item;
  }

  /** The wider wording in the page's language. */
  instead(span) {
    const found = wider(this.field.value, span);
    if (!found) return "";
    if (!has(`wider:${found.code}`)) return found.text;
    const words = text(`wider:${found.code}`);
    return /^\p{Lu}/u.test(found.text) ? words[0].toUpperCase() + words.slice(1) : words;
  }

  button(label, span, instead) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "concerns-link-button";
    button.textContent = label;
    const about = document.createElement("span");
    about.className = "govuk-visually-hidden";
    about.textContent = `: ${this.words(span)}`;
    button.append(about);
    button.addEventListener("click", () => this.act(span, instead));
    return button;
  }

  act(span, instead) {
    if (instead === null) this.kept.add(`${span.kind} ${this.words(span)}`);
    else {
      const [before, after] = [this.letters.slice(0, span.start).join(""), this.letters.slice(span.end).join("")];
      this.field.value = instead ? before + instead + after : before.replace(/ $/, "") + after;
    }
    this.look();
    (one("button", this.box) ?? this.field).focus();
  }
}
