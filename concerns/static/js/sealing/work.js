// Finds the counter of a proof of work: an ALTCHA v2 challenge with PBKDF2/SHA-256, by the browser's own PBKDF2.
//
// async solve(parameters, {start, atOnce}) -> {counter, derivedKey}
import { concat } from "./bytes.js";

const ALGORITHM = "PBKDF2/SHA-256";
/** Beyond these a page would hang: no server of ours asks for more. */
const [HIGHEST_COST, HIGHEST_COUNTER] = [1_000_000, 0xffffffff];
/** So many at the same time: the browser derives on threads of its own. */
const AT_ONCE = 4;

/**
 * @typedef {{algorithm: string, nonce: string, salt: string, cost: number, keyLength?: number, keyPrefix?: string}} Parameters
 * @param {Parameters} parameters of the challenge, as the server sent them
 * @param {{start?: number, atOnce?: number}} [options] the first counter that is tried
 * @returns {Promise<{counter: number, derivedKey: string}>} the solution that the server verifies
 */
export async function solve(parameters, { start = 0, atOnce = AT_ONCE } = {}) {
  const { algorithm, cost, keyLength = 32, keyPrefix = "00" } = parameters;
  if (algorithm !== ALGORITHM || !Number.isInteger(cost) || cost < 1 || cost > HIGHEST_COST) throw new RangeError("no such work");
  const [nonce, salt, wanted] = [fromHex(parameters.nonce), fromHex(parameters.salt), keyPrefix.toLowerCase()];
  const options = { name: "PBKDF2", hash: "SHA-256", salt, iterations: cost };
  const attempt = async (counter) => {
    const password = await crypto.subtle.importKey("raw", passwordOf(nonce, counter), "PBKDF2", false, ["deriveBits"]);
    return { counter, derivedKey: toHex(new Uint8Array(await crypto.subtle.deriveBits(options, password, 8 * keyLength))) };
  };
  for (let first = start; first <= HIGHEST_COUNTER - atOnce; first += atOnce) {
    const attempts = await Promise.all(Array.from({ length: atOnce }, (_, more) => attempt(first + more)));
    const solution = attempts.find(({ derivedKey }) => derivedKey.startsWith(wanted));
    if (solution) return solution;
  }
  throw new RangeError("no counter solves this");
}

/** nonce ‖ counter as four bytes, the highest first. @param {Uint8Array} nonce @param {number} counter */
function passwordOf(nonce, counter) {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, counter);
  return concat(nonce, four);
}

/** @param {string} hex @returns {Uint8Array} */
function fromHex(hex) {
  if (!/^([0-9a-f]{2})*$/i.test(hex)) throw new TypeError("not hexadecimal");
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** @param {Uint8Array} bytes @returns {string} */
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
