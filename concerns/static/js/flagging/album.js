// The photos of a concern while it is written: chosen, drawn anew, looked at small, taken out again.
//
// new Album(group) -> .photos (Uint8Array[])   .clear()
import { all, one, text } from "./page.js";
import { BadPhoto, drawnAnew } from "./photos.js";

const MOST = 3;

export class Album {
  /** @param {HTMLElement} group holds the file field, its error and the list */
  constructor(group) {
    this.group = group;
    this.kept = [];
    this.field = one("input[type=file]", group);
    this.field.addEventListener("change", () => this.take([...this.field.files]));
  }

  /** @returns {Uint8Array[]} */
  get photos() {
    return this.kept.map(({ bytes }) => bytes);
  }

  clear() {
    this.kept = [];
    this.show();
  }

  /** @param {File[]} files */
  async take(files) {
    this.say("");
    for (const file of files) {
      if (this.kept.length >= MOST) {
        this.say(text("photo-many"));
        break;
      }
      try {
        this.kept.push(await drawnAnew(file));
      } catch (error) {
        this.say(text(`photo:${error instanceof BadPhoto ? error.why : "broken"}`));
      }
    }
    this.field.value = "";
    this.show();
  }

  /** @param {string} words */
  say(words) {
    const error = one(".govuk-error-message", this.group);
    error.textContent = words;
    error.hidden = !words;
    this.group.classList.toggle("govuk-form-group--error", Boolean(words));
  }

  show() {
    one(".concerns-photos", this.group).replaceChildren(...this.kept.map((photo, place) => this.item(photo, place)));
    for (const [place, button] of all(".concerns-photos button", this.group).entries()) {
      button.addEventListener("click", () => {
        this.kept.splice(place, 1);
        this.show();
        this.field.focus();
      });
    }
  }

  item({ canvas }, place) {
    const item = document.createElement("li");
    const small = document.createElement("canvas");
    [small.width, small.height] = [Math.round((canvas.width / canvas.height) * 96), 96];
    small.getContext("2d").drawImage(canvas, 0, 0, small.width, small.height);
    small.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "concerns-link-button";
    button.textContent = text("photo-remove", place + 1);
    item.append(small, button);
    return item;
  }
}
