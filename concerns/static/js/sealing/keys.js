// Key pairs of the hybrid KEM MLKEM768-X25519 (HPKE 0x647A, X-Wing), and their ids. The twin of concerns/sealing/keys.py.
//
// async Holder.of(seed) -> {seed, publicKey, kid}   kidOf(publicKey)   newSeed()   SEED_BYTES PUBLIC_BYTES KID_BYTES
import { concat, random, sha256, utf8 } from "./bytes.js";
import { publicKeyOf } from "./xwing.js";

export const SEED_BYTES = 32;
export const PUBLIC_BYTES = 1216;
export const KID_BYTES = 16;

/** @returns {Uint8Array} 32 random bytes, the seed of a KEM or of a signing key pair */
export const newSeed = () => random(SEED_BYTES);

/**
 * A key's id: the first 16 bytes of SHA-256("concerns-kid/1" ‖ public key).
 * @param {Uint8Array} publicKey
 * @returns {Uint8Array}
 */
export const kidOf = (publicKey) => sha256(concat(utf8("concerns-kid/1"), publicKey)).slice(0, KID_BYTES);

/** Whoever holds a KEM seed: `seed`[32], `publicKey`[1216] and `kid`[16]. Keep it short. */
export class Holder {
  /** For `of` alone, which works the public key out. @param {Uint8Array} seed @param {Uint8Array} publicKey */
  constructor(seed, publicKey) {
    Object.assign(this, { seed, publicKey, kid: kidOf(publicKey) });
  }

  /** @param {Uint8Array} seed 32 bytes, expanded as in draft-connolly-cfrg-xwing-kem @returns {Promise<Holder>} */
  static async of(seed) {
    if (seed.length !== SEED_BYTES) throw new RangeError("a seed has 32 bytes");
    const kept = seed.slice();
    return new Holder(kept, await publicKeyOf(kept));
  }
}
