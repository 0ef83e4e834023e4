// Finds people's names, and capitals that may be names, in a folded text. The same steps as concerns/words/names.py.
import { ENDINGS, words } from "./sheet.js";

const { given, shy, surnames, family, calendar, particles } = words;

function listed(key) {
  return [key, key.replace(/s$/, "")].some((each) => words.ordinary.has(each) || calendar.has(each));
}

// Whether a capitalised word says nothing about who is meant.
export function ordinary(word) {
  const key = word.toLowerCase().replace(/'s$/, "");
  return listed(key) || (key.length > 5 && ENDINGS.test(key));
}

// Whether a sentence, a quotation or a bracket begins at this place of a folded text.
export function opens(line, start) {
  const before = line.slice(Math.max(0, start - 40), start);
  return /(^|[.!?:;\n\r\0*"])[ (']*$/.test(before) || before.slice(-2).includes("(") || before.endsWith("- ");
}

function read(line, match) {
  const text = match[0].replace(/'[sS]$/, "");
  return {
    start: match.index,
    end: match.index + text.length,
    key: text.toLowerCase(),
    capital: /^[A-Z]/.test(text),
    upper: text.length > 1 && text.toUpperCase() === text,
    opens: opens(line, match.index),
    written: /^(Mc|Mac|Fitz|De|Van|[ODL]')?[A-Z][a-z]+(['-][A-Za-z][a-z]*)*$/.test(text),
  };
}

// The words of sentences in which most words have capitals: a capital there tells nothing.
function inCapitals(all) {
  const shouting = new Set();
  let first = 0;
  for (let place = 1; place <= all.length; place += 1) {
    if (place < all.length && !all[place].opens) continue;
    const sentence = all.slice(first, place);
    if (sentence.length > 2 && sentence.filter((word) => word.capital).length * 2 > sentence.length) {
      for (let at = first; at < place; at += 1) shouting.add(at);
    }
    first = place;
  }
  return shouting;
}

function continues(here, after) {
  const known = surnames.has(after.key) || family.has(after.key);
  if (!after.capital) return known;
  if (after.key.length === 1) return after.key !== "i" && after.key !== "a";
  const called = known || given.has(after.key) || (shy.has(after.key) && !calendar.has(after.key));
  return after.upper ? called && here.upper : called || !listed(after.key);
}

const plausible = (word) => word.written && word.key.length > 2 && !ordinary(word.key);

// Names in `seen`, which is `line` with all that was found before blotted out.
export function names(line, seen) {
  const all = Array.from(seen.matchAll(/[A-Za-z]+(?:['-][A-Za-z]+)*/g), (match) => read(line, match));
  const shouting = inCapitals(all);

  const dotted = /^[ .]{1,3}$/;

  // The word that follows without a stop, if there is one.
  function next(place, gap = /^ {1,3}$/) {
    const after = all[place + 1];
    return after && gap.test(line.slice(all[place].end, after.start)) ? after : undefined;
  }
  const key = (place) => (place >= 0 ? all[place].key : "");
  const before = (place) => (all[place].opens ? "" : key(place - 1));
  const initial = (word) => word.capital && word.key.length === 1 && word.key !== "i";

  // Whether an initial stands before this word.
  const led = (place) => place > 0 && initial(all[place - 1]) && all[place - 1].key !== "a" && next(place - 1, dotted);

  // "The Board", "Pupil Premium": a capital after an article, or after an ordinary word with a capital.
  function ofAnInstitution(place) {
    const word = all[place - 1];
    if (!word || !next(place - 1) || led(place)) return false;
    return words.before.has(word.key) || (word.capital && !words.cues.has(word.key) && !words.where.has(word.key));
  }

  // The last word of a name that begins at this word: surnames, initials and particles are taken in.
  function extended(place) {
    for (let step = 0; step < 3; step += 1) {
      const after = next(place, all[place].key.length === 1 ? dotted : undefined);
      if (!after) break;
      if (continues(all[place], after)) {
        place += 1;
        continue;
      }
      const beyond = particles.has(after.key) && next(place + 1);
      if (!beyond || !beyond.capital || ordinary(beyond.key)) break;
      place += 2;
    }
    return place;
  }

  const named = (first, last, tier = "strong", kind = "name") => ({ start: all[first].start, end: all[last].end, kind, tier, last });

  function titled(place) {
    const title = all[place];
    const name = next(place, dotted);
    const short = words.titles.has(title.key) && !(title.upper && title.key === "ms");
    const rank = words.ranks.has(title.key) && title.upper;
    if (!name || !(short || rank || words.longTitles.has(title.key))) return undefined;
    const known = [given, surnames, shy].some((list) => list.has(name.key));
    let good;
    if (name.key.length === 1) good = title.capital && initial(name);
    else if (name.capital) {
      good = (!listed(name.key) || family.has(name.key)) && (known || !name.upper || title.upper || name.key.length > 4);
    } else {
      const alone = short && title.key !== "miss" && name.key.length > 2;
      good = (known && !words.ordinary.has(name.key)) || (alone && !ordinary(name.key));
    }
    return good ? named(place, extended(place + 1)) : undefined;
  }

  function known(place) {
    const word = all[place];
    const [first, ...rest] = word.key.split("-");
    if (!given.has(word.key) && !(rest.length && (given.has(first) || shy.has(first))) && !surnames.has(word.key)) return undefined;
    const beside = [all[place - 1], all[place + 1]].some((other) => other && other.upper);
    if (word.upper && word.key.length < 5 && !beside) return undefined;
    return named(led(place) ? place - 1 : place, extended(place));
  }

  // A name that is also an ordinary word: it counts where something speaks for it.
  function ifSpokenFor(place) {
    const word = all[place];
    if (!shy.has(word.key) || word.upper) return undefined;
    const lead = before(place);
    const after = next(place);
    const last = extended(place);
    const says = Boolean(after) && words.saying.has(after.key);
    const month = calendar.has(word.key);
    if (!word.capital) {
      const called = words.persons.has(lead) && !words.ordinary.has(word.key);
      return called || says || (last > place && surnames.has(after.key)) ? named(place, last) : undefined;
    }
    const sure = last > place || says || words.cues.has(lead) || words.persons.has(lead);
    if (sure && !(month && last === place && !says)) return named(place, last);
    return !word.opens && !month && !shouting.has(place) ? named(place, place, "weak") : undefined;
  }

  function unknown(place) {
    const word = all[place];
    if (!plausible(word) || shouting.has(place) || (word.opens && words.cues.has(word.key))) return undefined;
    let last = place;
    let after = next(last);
    while (after && plausible(after) && !given.has(after.key)) {
      last += 1;
      after = next(last);
    }
    const says = last > place ? !all[last].key.endsWith("s") : after && words.saying.has(after.key) && !word.key.endsWith("s");
    if (word.opens ? !says && !led(place) : ofAnInstitution(place)) return undefined;
    return named(led(place) ? place - 1 : place, last, "weak", words.where.has(before(place)) ? "place" : "name");
  }

  const found = [];
  for (let place = 0; place < all.length; place += 1) {
    const one = titled(place) || known(place) || ifSpokenFor(place) || unknown(place);
    if (!one) continue;
    found.push(one);
    place = one.last;
  }
  return found;
}
