// Makes a text plain for matching, one sign a code point, and remembers where each sign stood.
import { SIGNS } from "./sheet.js";

// Stands for everything that is no plain sign: emoji, other scripts, controls.
export const OTHER = "\0";
const ROOMLESS = /[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/;

function plain(sign) {
  if (/^[ -~\t\n\r]$/.test(sign)) return sign;
  if (SIGNS.has(sign)) return SIGNS.get(sign);
  const base = sign.normalize("NFD")[0];
  return /[a-z]/i.test(base) ? base : OTHER;
}

export function fold(text) {
  const places = [];
  let line = "";
  const signs = Array.from(text);
  signs.forEach((sign, place) => {
    if (ROOMLESS.test(sign)) return;
    line += plain(sign);
    places.push(place);
  });
  places.push(signs.length);
  return [line, places];
}
