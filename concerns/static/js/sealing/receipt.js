// The receipt: nine words, or 28 digits, that let a reporter come back, and the keys they yield.
// The twin of concerns/sealing/receipt.py.
//
// newEntropy()   wordsOf(entropy)   digitsOf(entropy)
// readReceipt(typed) -> {entropy, whole}, throws BadReceipt {unknown, count}
// async derive(entropy, siteId) -> {lookup, lookupHash, kemSeed, signSeed}
import { concat, random, sha256, utf8 } from "./bytes.js";
import { hmac } from "./hkdf.js";
import { FRIGHTENING, WORDS } from "./words.generated.js";

export const ENTROPY_BYTES = 10;
export const COUNT = 9;
export const DIGITS = 28;
const ROUNDS = 20_000;
const CHECK_BITS = 10n;

const LIST = WORDS.split(" ");
const FRIGHTENS = new Set(FRIGHTENING.split(" "));
/** Four letters tell every word of the list. */
const PLACE = new Map(LIST.map((word, place) => [word.slice(0, 4), place]));

/** These are not the words of any receipt: `unknown` are those that are not on the list, `count` is how many were typed. */
export class BadReceipt extends Error {
  /** @param {string[]} unknown @param {number} count */
  constructor(unknown, count) {
    super("not a receipt");
    this.unknown = unknown;
    this.count = count;
  }
}

/** @returns {Uint8Array} ten random bytes whose words frighten nobody */
export function newEntropy() {
  for (;;) {
    const entropy = random(ENTROPY_BYTES);
    if (!wordsOf(entropy).some((word) => FRIGHTENS.has(word))) return entropy;
  }
}

/** @param {Uint8Array} entropy @returns {string[]} nine words: 80 bits, then ten bits of check */
export function wordsOf(entropy) {
  const number = checked(entropy);
  return Array.from({ length: COUNT }, (_, place) => LIST[Number((number >> BigInt(10 * (COUNT - 1 - place))) & 1023n)]);
}

/** @param {Uint8Array} entropy @returns {string} the same 90 bits as 28 digits */
export const digitsOf = (entropy) => checked(entropy).toString().padStart(DIGITS, "0");

/**
 * The ten bytes behind typed words (any case, first four letters are enough) or digits. `whole` says whether the check
 * fits: a receipt that is not whole is treated like one that nobody knows. Throws BadReceipt.
 * @param {string} typed
 * @returns {{entropy: Uint8Array, whole: boolean}}
 */
export function readReceipt(typed) {
  const compact = typed.replace(/[\s\-.,]/g, "");
  if (/^[0-9]{28}$/.test(compact)) return unchecked(BigInt(compact));
  const words = typed.toLowerCase().match(/[a-z]+/g) ?? [];
  const places = words.map((word) => {
    const place = PLACE.get(word.slice(0, 4));
    return place !== undefined && LIST[place].startsWith(word) ? place : null;
  });
  const unknown = words.filter((_, index) => places[index] === null);
  if (unknown.length || words.length !== COUNT) throw new BadReceipt(unknown, words.length);
  return unchecked(places.reduce((number, place) => (number << 10n) | BigInt(place), 0n));
}

/**
 * The look-up token and the reporter's two seeds. Slow on purpose.
 * @param {Uint8Array} entropy
 * @param {Uint8Array} siteId
 * @returns {Promise<{lookup: Uint8Array, lookupHash: Uint8Array, kemSeed: Uint8Array, signSeed: Uint8Array}>}
 */
export async function derive(entropy, siteId) {
  const salt = concat(utf8("concerns-receipt/1"), siteId);
  const secret = await crypto.subtle.importKey("raw", entropy, "PBKDF2", false, ["deriveBits"]);
  const stretching = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const stretched = new Uint8Array(await crypto.subtle.deriveBits(stretching, secret, 256));
  const part = (name) => hmac(stretched, concat(utf8(name), Uint8Array.of(1)));
  const lookup = (await part("lookup")).slice(0, 16);
  return { lookup, lookupHash: sha256(lookup), kemSeed: await part("kem"), signSeed: await part("sign") };
}

/** @param {Uint8Array} entropy @returns {bigint} */
function checked(entropy) {
  if (entropy.length !== ENTROPY_BYTES) throw new RangeError("a receipt has ten bytes");
  const digest = sha256(concat(utf8("concerns-words/1"), entropy));
  const check = ((digest[0] << 8) | digest[1]) >> 6;
  return (entropy.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n) << CHECK_BITS) | BigInt(check);
}

/**
 * @param {bigint} number 90 bits, or more where somebody typed digits that no receipt has
 * @returns {{entropy: Uint8Array, whole: boolean}}
 */
function unchecked(number) {
  const kept = number >> CHECK_BITS;
  const entropy = Uint8Array.from({ length: ENTROPY_BYTES }, (_, place) => Number((kept >> BigInt(8 * (9 - place))) & 255n));
  return { entropy, whole: checked(entropy) === number };
}
