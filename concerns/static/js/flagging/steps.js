// Shows one part of the form at a time. Back and forward work as between pages; nothing about it is stored.
//
// new Steps(form, {check, leave}) -> .go(place)   .check()   .finish()
import { all, heading, one, text } from "./page.js";

export class Steps {
  /** @param {HTMLFormElement} form @param {{mayLeave: (place: number) => boolean, atCheck: () => void}} hooks */
  constructor(form, hooks) {
    this.form = form;
    this.hooks = hooks;
    this.parts = all(".concerns-step", form);
    this.last = this.parts.length;
    this.finished = false;
    this.place = 0;
    this.back = document.createElement("a");
    Object.assign(this.back, { className: "govuk-back-link", href: "#", textContent: text("back"), hidden: true });
    this.count = document.createElement("p");
    this.count.className = "govuk-caption-l";
    one("h1").before(this.back, this.count);
    this.back.addEventListener("click", (event) => {
      event.preventDefault();
      history.back();
    });
    window.addEventListener("popstate", (event) => this.show(event.state?.place ?? 0));
    history.replaceState({ place: 0 }, "");
    this.show(0, false);
  }

  /** The next part, or the check after the last one. */
  next() {
    this.go(this.place + 1);
  }

  /** @param {number} place */
  go(place) {
    if (!this.hooks.mayLeave(this.place)) return;
    // the number of a part says nothing about what was written
    history.pushState({ place }, "", `#${place + 1}`);
    this.show(place);
  }

  check() {
    this.go(this.last);
  }

  /** Whatever is behind the back button, the form is never shown again. */
  finish() {
    this.finished = true;
    this.back.remove();
    this.count.remove();
    history.replaceState({ place: 0 }, "", location.pathname);
  }

  /** @param {number} place @param {boolean} [focus] */
  show(place, focus = true) {
    if (this.finished) return;
    const checking = place >= this.last;
    this.place = place;
    this.form.hidden = checking;
    one("#check").hidden = !checking;
    for (const [number, part] of this.parts.entries()) part.hidden = number !== place;
    for (const only of all("[data-only=first]")) only.hidden = place > 0;
    this.back.hidden = place === 0;
    this.count.textContent = checking ? "" : text("step", place + 1, this.last);
    if (checking) this.hooks.atCheck();
    if (focus) heading(text(checking ? "check-heading" : "tell-heading"));
  }
}
