// Days as the page's language writes them, and by when a reporter may expect the next word. The twin of concerns/flagging/rules.py.
//
// inWords(iso, thisYear)   mondayOf(iso)   nextDate(status, collected, lastHeard, clocks)   checksDue(told, today)   plusDays(iso, days)
import { text } from "./page.js";

const DAY = 86_400_000;
const FINISHED = new Set(["concluded", "relapse watch"]);
const CHECKS = [1, 3, 6];

const read = (iso) => new Date(`${iso}T00:00:00Z`);
const write = (date) => date.toISOString().slice(0, 10);
/** Monday is 0. */
const weekday = (date) => (date.getUTCDay() + 6) % 7;

/** @param {string} iso @param {number} days */
export const plusDays = (iso, days) => write(new Date(read(iso).getTime() + days * DAY));

/** The Monday of a day's week. @param {string} iso */
export const mondayOf = (iso) => plusDays(iso, -weekday(read(iso)));

/** The Monday from which clocks run: the one after the week of collection. */
const countingFrom = (iso) => plusDays(mondayOf(iso), 7);

function monthsLater(iso, months) {
  const [year, month, dayOfMonth] = iso.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  return write(new Date(Date.UTC(year, month - 1 + months, Math.min(dayOfMonth, last.getUTCDate()))));
}

/** "Thursday 26 November", with its year where that is not this one. @param {string} iso @param {string} today */
export function inWords(iso, today) {
  const date = read(iso);
  const words = `${text(`day:${weekday(date)}`)} ${date.getUTCDate()} ${text(`month:${date.getUTCMonth() + 1}`)}`;
  return iso.slice(0, 4) === today.slice(0, 4) ? words : `${words} ${iso.slice(0, 4)}`;
}

/** By when the guardians owe the next word; empty when they have finished. */
export function nextDate(status, collected, lastHeard, clocks) {
  if (FINISHED.has(status)) return "";
  if (status === "received" || !lastHeard) return plusDays(countingFrom(collected), clocks.acknowledge_days ?? 7);
  return plusDays(countingFrom(lastHeard), clocks.update_days ?? 14);
}

/** Whether she is to be asked again how she is treated. @param {string} told @param {string} today */
export const checksDue = (told, today) => CHECKS.some((months) => monthsLater(countingFrom(told), months) <= today);
