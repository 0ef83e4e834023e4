// Bytes and text: UTF-8, base64url, canonical JSON, SHA-256, chance. The twin of concerns/sealing/text.py.
//
// utf8(string)   text(bytes)   concat(...parts)   toText(bytes)   fromText(string)   canonical(value)   equal(one, two)
// sha256(bytes)   random(count)
import { sha256 as hash } from "@noble/hashes/sha2.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
/** Half of a surrogate pair, which UTF-8 cannot say. */
const HALF = /[\uD800-\uDFFF]/u;

/** @param {string} string @returns {Uint8Array} UTF-8; throws TypeError where a character is only half there */
export function utf8(string) {
  if (HALF.test(string)) throw new TypeError("half a character");
  return encoder.encode(string);
}

/** @param {Uint8Array} bytes @returns {string} the text; throws TypeError for anything but UTF-8 */
export const text = (bytes) => decoder.decode(bytes);

/** @param {...Uint8Array} parts @returns {Uint8Array} one after the other */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** @param {Uint8Array} bytes @returns {string} base64url without padding */
export function toText(bytes) {
  let letters = "";
  // in pieces: a photo has more bytes than a function may have arguments
  for (let place = 0; place < bytes.length; place += 8192) {
    letters += String.fromCharCode(...bytes.subarray(place, place + 8192));
  }
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} string @returns {Uint8Array} throws TypeError for anything that `toText` would not have written */
export function fromText(string) {
  const letterwise = typeof string === "string" && /^[\w-]*$/.test(string);
  if (!letterwise || string.length % 4 === 1) throw new TypeError("not base64url");
  const letters = atob(string.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  if (toText(bytes) !== string) throw new TypeError("not canonical base64url");
  return bytes;
}

/**
 * JSON with keys sorted by code point and no spaces, in UTF-8: the very bytes that Python's `canonical` gives.
 * Throws TypeError for what JSON cannot say, and for whole numbers that a script cannot hold exactly.
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export const canonical = (value) => encoder.encode(written(value));

/** @param {unknown} value @returns {string} */
function written(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return string(value);
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (typeof value !== "object") throw new TypeError("JSON has no such value");
  const keys = Object.keys(value).sort(byCodePoint);
  return `{${keys.map((key) => `${string(key)}:${written(value[key])}`).join(",")}}`;
}

/** Python writes exponents from 0.0001 downwards and with two digits. @param {number} value @returns {string} */
function number(value) {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (!Number.isFinite(value) || Number.isInteger(value)) throw new TypeError("not a number that both sides write alike");
  return Math.abs(value) < 1e-4 ? value.toExponential().replace(/e-(\d)$/, "e-0$1") : String(value);
}

/** @param {string} value @returns {string} */
function string(value) {
  if (HALF.test(value)) throw new TypeError("half a character");
  return JSON.stringify(value);
}

/** Scripts sort by halves of characters, Python by characters. @param {string} one @param {string} two @returns {number} */
function byCodePoint(one, two) {
  const [first, second] = [[...one], [...two]];
  const place = first.findIndex((letter, index) => letter !== second[index]);
  if (place < 0) return first.length - second.length;
  return second.length === place ? 1 : first[place].codePointAt(0) - second[place].codePointAt(0);
}

/** In a time that tells nothing but the lengths. @param {Uint8Array} one @param {Uint8Array} two @returns {boolean} */
export function equal(one, two) {
  if (one.length !== two.length) return false;
  let different = 0;
  for (let place = 0; place < one.length; place++) different |= one[place] ^ two[place];
  return different === 0;
}

/** @param {Uint8Array} bytes @returns {Uint8Array} 32 bytes */
export const sha256 = (bytes) => hash(bytes);

/** @param {number} count @returns {Uint8Array} from the system's generator */
export const random = (count) => crypto.getRandomValues(new Uint8Array(count));
