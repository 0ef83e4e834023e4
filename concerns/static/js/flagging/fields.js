// What stands in a form, tidied as the server tidies it, and errors beside their fields.
//
// value(form, name)   values(form, name)   said(form, name)   wrong(form, name, words)   right(form)   over(texts, ...)   saysSomething(text)
import { all, one } from "./page.js";

const encoder = new TextEncoder();
/** Halves of characters, and those that are none. */
const NONE = /[\uD800-\uDFFF\uFDD0-\uFDEF\uFFFE\uFFFF]|[\u{1FFFE}\u{1FFFF}\u{2FFFE}\u{2FFFF}\u{3FFFE}\u{3FFFF}\u{10FFFE}\u{10FFFF}]/gu;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]/gu;

/** A text as it is kept: one kind of line end, no empty edges, nothing that cannot be seen. @param {string} typed */
export function tidy(typed) {
  const lines = typed.replace(/[\x7f-\x9f]/g, "").replace(NONE, "\ufffd").replace(/\r\n?/g, "\n").replace(/\t/g, " ");
  return lines.replace(/[\x00-\x09\x0b-\x1f]/g, "").trim();
}

/** Whether anything in a text can be seen. @param {string} text */
export const saysSomething = (text) => text.replace(UNSEEN, "") !== "";

/** The fields of a name: the guard took the names of all but radios. @param {HTMLFormElement} form @param {string} name */
export const fields = (form, name) => all(`[name="${name}"], [data-name="${name}"]`, form);

/** The one value under a name, tidied. @param {HTMLFormElement} form @param {string} name */
export function value(form, name) {
  const found = fields(form, name);
  const chosen = found[0]?.type === "radio" ? found.find((field) => field.checked) : found[0];
  return tidy(chosen?.value ?? "");
}

/** All that is ticked under a name. @param {HTMLFormElement} form @param {string} name */
export const values = (form, name) => fields(form, name).filter((field) => field.checked).map((field) => field.value);

/** The answer under a name in the words in which it was offered. @param {HTMLFormElement} form @param {string} name */
export function said(form, name) {
  const found = fields(form, name);
  if (found[0]?.tagName === "SELECT") return found[0].selectedOptions[0]?.textContent.trim() ?? "";
  if (!["radio", "checkbox"].includes(found[0]?.type)) return value(form, name);
  return found.filter((field) => field.checked).map(labelOf).join("\n");
}

const labelOf = (field) => one(`label[for="${field.id}"]`).textContent.trim();

/**
 * How many characters to take off so that all texts together fit.
 * @param {string[]} texts @param {number} most bytes of UTF-8 @param {number} mostWritten bytes as JSON writes them
 */
export function over(texts, most, mostWritten) {
  const letters = [...texts.join("")];
  const fits = (count) => {
    const start = letters.slice(0, count).join("");
    return encoder.encode(start).length <= most && encoder.encode(JSON.stringify(start)).length <= mostWritten;
  };
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return letters.length - low;
}

/** Say beside a field what is wrong with it, and go there. @param {HTMLFormElement} form @param {string} name @param {string} words */
export function wrong(form, name, words) {
  const field = fields(form, name)[0];
  const group = field.closest(".govuk-form-group");
  const message = document.getElementById(`${field.id}-error`) ?? placed(group, field);
  message.textContent = words;
  message.hidden = false;
  group.classList.add("govuk-form-group--error");
  field.setAttribute("aria-invalid", "true");
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== message.id);
  field.setAttribute("aria-describedby", [...described, message.id].join(" "));
  const closed = field.closest("details");
  if (closed) closed.open = true;
  field.focus();
}

/** An empty message above the control of a group. @param {HTMLElement} group @param {HTMLElement} field */
function placed(group, field) {
  const message = document.createElement("p");
  message.className = "govuk-error-message";
  message.id = `${field.id}-error`;
  const control = one(".govuk-radios, .govuk-checkboxes, .concerns-mirrored", group) ?? one("textarea, select, input", group);
  control.before(message);
  return message;
}

/** Take all errors off a form. @param {HTMLFormElement} form */
export function right(form) {
  for (const group of all(".govuk-form-group--error", form)) {
    group.classList.remove("govuk-form-group--error");
    for (const message of all(".govuk-error-message", group)) message.hidden = true;
    for (const field of all("[aria-invalid]", group)) field.removeAttribute("aria-invalid");
  }
}
