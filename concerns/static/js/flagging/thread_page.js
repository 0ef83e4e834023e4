// Draws a reporter's thread into the places that the page keeps for it.
//
// showThread(thread)
import { STANDING } from "../sealing/chain.js";
import { checksDue, inWords, nextDate, plusDays } from "./dates.js";
import { all, fill, has, one, text } from "./page.js";
import { said } from "./thread.js";

const ANSWERED = new Set(["responded", "concluded", "relapse watch"]);

/** @param {import("./thread.js").Thread} thread */
export function showThread(thread) {
  const root = one("#thread");
  one("[data-gap]", root).hidden = !thread.gap;
  showStatus(thread, root);
  showMessages(thread, root);
  showTold(thread, root);
  showProof(thread, root);
  one("[data-closing]", root).hidden = !ANSWERED.has(thread.status) || thread.closed;
  const again = Boolean(thread.detriment) && checksDue(thread.detriment, thread.answer.today);
  one("[data-ask-again]", root).hidden = !again;
  if (again) one("#detriment").open = true;
}

function showStatus(thread, root) {
  const { today, clocks } = thread.answer;
  fill("status", text(`status:${thread.status}`), root);
  fill("meaning", text(`meaning:${thread.status}`), root);
  fill("outcome", thread.step ? text(`outcome:${said(thread.step.payload, "outcome")}`) : "", root);
  fill("reason", thread.step ? said(thread.step.payload, "reason") : "", root);
  // what still waits is collected tonight at the earliest
  const due = nextDate(thread.status, thread.week || plusDays(today, 1), thread.lastHeard, clocks);
  fill("next", due ? text("hear-by", inWords(due, today)) : text("finished"), root);
  one("[data-if-owed]", root).hidden = !due;
}

function showMessages(thread, root) {
  const shown = thread.messages.filter((one) => said(one.payload, "text") || (one.mine && aboutOf(one)));
  one("[data-messages]", root).replaceChildren(...shown.map((message) => drawn(message, root)));
  one("[data-no-messages]", root).hidden = shown.length > 0;
}

function drawn(message, root) {
  const piece = one("template[data-message]", root).content.cloneNode(true);
  one(".concerns-said", piece).classList.toggle("concerns-said--mine", message.mine);
  one("[data-by]", piece).textContent = message.mine ? text("you") : message.guardian || text("somebody");
  put(one("[data-about]", piece), message.mine ? aboutOf(message) : "");
  const doubt = one("[data-doubt]", piece);
  doubt.textContent = doubtOf(message);
  doubt.parentElement.hidden = !doubt.textContent;
  put(one("[data-said]", piece), said(message.payload, "text"));
  return piece;
}

function put(place, words) {
  place.textContent = words;
  place.hidden = !words;
}

function doubtOf({ standing, mine }) {
  if (standing === STANDING.PROVEN) return "";
  return text(standing === STANDING.BROKEN ? "broken" : mine ? "unproven-mine" : "unproven");
}

function aboutOf({ payload }) {
  const about = said(payload, "about");
  if (about === "detriment") return text("detriment");
  if (about !== "closing") return "";
  return text("closing", offered("yes-no", payload, "feedback") || "–", offered("again", payload, "again") || "–");
}

/** An answer in the words in which it was offered. */
function offered(kind, payload, name = kind) {
  const value = said(payload, name);
  return value && has(`${kind}:${value}`) ? text(`${kind}:${value}`) : "";
}

function showTold(thread, root) {
  const { flag, contact, keys } = thread;
  for (const name of ["text", "cause", "help"]) fill(name, said(flag, name), root);
  for (const name of ["kind", "danger", "worry", "consent", "why"]) fill(name, offered(name, flag), root);
  const area = said(flag, "area");
  fill("area", area === "not-said" ? text("not-said") : text(`area:${area}`) || area, root);
  const factors = Array.isArray(flag.factors) ? flag.factors : [];
  fill("factors", factors.map((one) => text(`factor:${one}`)).filter(Boolean).join("\n"), root);
  const names = keys.guardians.filter((one) => thread.exclusions.has(one.person)).map((one) => one.name);
  fill("exclude", names.join(", "), root);
  fill("wish", offered("wish", contact), root);
  fill("how", said(contact, "how"), root);
  const { photos, today } = thread.answer;
  fill("photos", photos ? text("photos", photos) : "", root);
  fill("came-in", thread.week ? text("came-in", inWords(thread.week, today)) : "", root);
}

function showProof(thread, root) {
  const proof = thread.proof;
  one("[data-proof]", root).hidden = !proof;
  one("[data-no-proof]", root).hidden = Boolean(proof);
  if (!proof) return;
  const { today } = thread.answer;
  // the date as it was signed too, or a print could not be verified
  const signed = (iso) => `${inWords(iso, today)} (${iso})`;
  const words = { ...proof, week: signed(proof.week), day: signed(proof.day), code: thread.keys.checkCode };
  for (const [name, value] of Object.entries(words)) fill(`proof-${name}`, value, root);
  for (const place of all("[data-proof]", root)) place.hidden = false;
}
