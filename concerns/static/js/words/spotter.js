// Spots what may identify somebody, on the reporter's device while she types. The same spans as concerns/words/rules.py.
import { fold, OTHER } from "./folding.js";
import { names, opens, ordinary } from "./names.js";
import { MONTHS, RULES, WIDER, WORDINGS } from "./sheet.js";

export { WIDER };

// Whether the last digit is the check digit that the first nine ask for, modulo 11.
function isNhsNumber(text) {
  const digits = text.match(/\d/g) || [0, 0, span.kind];
  return digits.length === 10 && digits.reduce((sum, digit, place) => sum + digit * (10 - place), 0) % 11 === 0;
}

// Where the detail begins, -1 where it is none.
function checked(check, seen, start, end) {
  if (check === "nhs") return isNhsNumber(seen.slice(start, end)) ? start : -1;
  if (check !== "proper") return start;
  const capitals = Array.from(seen.slice(start, end).matchAll(/[A-Za-z][A-Za-z'.]*/g)).slice(0, -1);
  const proper = capitals.find(([word]) => !ordinary(word));
  return proper ? start + proper.index : -1;
}

function matches(rule, seen) {
  const found = [];
  for (const match of seen.matchAll(rule.find)) {
    const end = match.index + match[0].replace(/[ ,.?:\n\r\t]+$/, "").length;
    const start = checked(rule.check, seen, match.index + (match[1] || "").length, end);
    if (start >= 0 && start < end) found.push([start, end]);
  }
  return found;
}

// Spans { start, end, kind, tier } in their order, counted in code points; none overlaps another.
export function spot(text) {
  const [line, places] = fold(text);
  let seen = line;
  let found = [];
  for (const rule of RULES) {
    let last = 0;
    let rest = "";
    for (const [start, end] of matches(rule, seen)) {
      found.push({ start, end, kind: rule.kind, tier: "strong" });
      // blotted out, so that no later rule finds it again
      rest += seen.slice(last, start) + OTHER.repeat(end - start);
      last = end;
    }
    seen = rest + seen.slice(last);
  }
  found = found.concat(names(line, seen)).sort((one, other) => one.start - other.start);
  return found.map(({ start, end, kind, tier }) => ({ start: places[start], end: places[end], kind, tier }));
}

function month(told) {
  const found = /\d[-/.](\d\d?)|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/.exec(told);
  const name = found && MONTHS.find((one, at) => at + 1 === Number(found[1]) || one.slice(0, 3).toLowerCase() === found[2]);
  if (!name) return "recently";
  return (told.startsWith("on") ? "in-" : "") + name.toLowerCase();
}

// The wider wording { code, text } for a span of this text; null where only taking it out helps.
export function wider(text, span) {
  const [line, places] = fold(text);
  const start = places.findIndex((place) => place >= span.start);
  const first = opens(line, start);
  const told = line.slice(start, places.findIndex((place) => place >= span.end)).toLowerCase();
  const before = first ? null : /([a-z]+)[ \t]*$/i.exec(line.slice(Math.max(0, start - 40), start));
  const subject = `${before ? before[1].toLowerCase() : ""}<${told}`;
  let [, , code] = WORDINGS.find(([kind, find]) => kind === span.kind && find.test(subject)) || [0, 0, span.kind];
  if (code === "month") code = month(told);
  const wording = WIDER[code];
  if (!wording) return null;
  return { code, text: first ? wording[0].toUpperCase() + wording.slice(1) : wording };
}
