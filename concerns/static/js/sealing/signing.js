// Ed25519 signatures: who said it, and that nothing was changed since. The twin of concerns/sealing/signing.py.
//
// async signPublic(seed)   async sign(seed, message)   async verify(publicKey, message, signature)
import { toText } from "./bytes.js";
import { ed25519Public, ed25519Sign, ed25519Verify, ready } from "./curves.js";

/** @type {(seed: Uint8Array) => Promise<Uint8Array>} from 32 bytes to 32 bytes */
export const signPublic = ed25519Public;

/** @type {(seed: Uint8Array, message: Uint8Array) => Promise<Uint8Array>} 64 bytes */
export const sign = ed25519Sign;

/** Every y of a point of small order, in both writings where the field leaves room for two; the highest bit is x's. */
const SMALL = [
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "7P_______________________________________38",
  "7f_______________________________________38",
  "7v_______________________________________38",
  "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU",
  "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o",
];

/** @param {Uint8Array} point */
const isSmall = (point) => SMALL.includes(toText(point.map((byte, place) => (place === 31 ? byte & 127 : byte))));

/**
 * Whether the signature is this key's; false for a malformed key or signature too.
 *
 * Some browsers are more generous than OpenSSL on the other side: keys that sign anything for everybody, points and
 * numbers in a second writing. None of them is made by an honest signer, so they are refused before any browser is asked.
 * @param {Uint8Array} publicKey
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 * @returns {Promise<boolean>}
 */
export async function verify(publicKey, message, signature) {
  await ready(); // a fallback that cannot be fetched says nothing about the signature
  if (signature.length !== 64 || signature[63] > 15 || isSmall(publicKey) || isSmall(signature.subarray(0, 32))) return false;
  return ed25519Verify(publicKey, message, signature).catch(() => false);
}
