// The rules that Python and the device share, made ready.
import sheet from "../../../words/spotting.json" with { type: "json" };

export const SIGNS = new Map(Object.entries(sheet.signs).flatMap(([plain, signs]) => Array.from(signs, (sign) => [sign, plain])));

// Parts in braces are put in; a space stands for up to three of any kind.
function pattern(find, flags) {
  let full = find;
  do {
    find = full;
    full = find.replace(/\{([A-Z]+)\}/g, (_, part) => sheet.parts[part]);
  } while (full !== find);
  return new RegExp(full.replace(/ \?/g, "\\s{0,3}").replace(/ /g, "\\s{1,3}"), flags);
}

// Each word begins with the number of letters it shares with the one before.
function unpack(packed) {
  let before = "";
  return new Set(Array.from(packed.matchAll(/(\d)(\D*)/g), ([, shared, rest]) => (before = before.slice(0, shared) + rest)));
}

export const words = Object.fromEntries(Object.entries(sheet.words).map(([name, packed]) => [name, unpack(packed)]));
export const RULES = sheet.rules.map((rule) => ({ ...rule, find: pattern(rule.find, rule.case ? "gu" : "giu") }));
export const WORDINGS = sheet.wider.map(([kind, find, code]) => [kind, pattern(find, "iu"), code]);
export const ENDINGS = pattern("{ENDINGS}", "iu");
export const MONTHS = sheet.months.split(" ");
// The English of every code; most codes are their own words.
export const WIDER = {};
for (const [, , code] of sheet.wider) if (code && code !== "month") WIDER[code] = code.replace(/-/g, " ");
for (const month of MONTHS) Object.assign(WIDER, { [month.toLowerCase()]: month, [`in-${month.toLowerCase()}`]: `in ${month}` });
Object.assign(WIDER, sheet.wordings);
