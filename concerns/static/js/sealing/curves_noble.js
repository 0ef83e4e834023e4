// X25519 and Ed25519 by noble, for browsers without them: a file of its own, fetched by those only.
//
// The same functions as `own` in curves.js.
import { ed25519, x25519 } from "@noble/curves/ed25519.js";

/** RFC 8032 as written: OpenSSL, on the other side, takes no other encoding of a number either. */
const STRICT = { zip215: false };

export const x25519Public = async (seed) => x25519.getPublicKey(seed);
export const x25519Shared = async (seed, publicKey) => x25519.getSharedSecret(seed, publicKey);
export const ed25519Public = async (seed) => ed25519.getPublicKey(seed);
export const ed25519Sign = async (seed, message) => ed25519.sign(message, seed);

/** noble multiplies by eight, OpenSSL does not: they differ on points with a part of small order only, which are refused. */
export async function ed25519Verify(publicKey, message, signature) {
  if (!ed25519.verify(signature, message, publicKey, STRICT)) return false;
  return [publicKey, signature.subarray(0, 32)].every((point) => ed25519.Point.fromBytes(point).isTorsionFree());
}
