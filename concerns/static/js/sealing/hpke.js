// HPKE base mode (RFC 9180), single shot: KEM 0x647A (X-Wing), HKDF-SHA256, AES-256-GCM; what comes out is enc ‖ ciphertext.
//
// async sealTo(publicKey, plain, info)   async openWith(seed, sealed, info), which throws where it does not open
import { decrypt, encrypt } from "./aead.js";
import { concat, utf8 } from "./bytes.js";
import { hkdf, hmac, NO_SALT } from "./hkdf.js";
import { decapsulate, encapsulate } from "./xwing.js";

export const ENC_BYTES = 1120;
const NOTHING = new Uint8Array();
const BASE_MODE = Uint8Array.of(0);
const AES_256_GCM = 2;
/** "HPKE-v1" ‖ "HPKE" ‖ KEM 0x647A ‖ KDF 0x0001 ‖ AEAD. @param {number} aead */
const labelOf = (aead) => concat(utf8("HPKE-v1HPKE"), Uint8Array.of(0x64, 0x7a, 0, 1, 0, aead));

/**
 * @param {Uint8Array} publicKey 1,216 bytes
 * @param {Uint8Array} plain
 * @param {Uint8Array} info what it is bound to
 * @returns {Promise<Uint8Array>} enc[1120] ‖ ciphertext and tag
 */
export async function sealTo(publicKey, plain, info) {
  const { cipherText, sharedSecret } = await encapsulate(publicKey);
  const { key, nonce } = await schedule(sharedSecret, info);
  return concat(cipherText, await encrypt(key, nonce, plain, NOTHING));
}

/**
 * @param {Uint8Array} seed 32 bytes, the recipient's
 * @param {Uint8Array} sealed
 * @param {Uint8Array} info
 * @returns {Promise<Uint8Array>} throws where this seed, these bytes or this info are not the ones it was sealed with
 */
export async function openWith(seed, sealed, info) {
  const { key, nonce } = await schedule(await decapsulate(seed, sealed.slice(0, ENC_BYTES)), info);
  return decrypt(key, nonce, sealed.slice(ENC_BYTES), NOTHING);
}

/**
 * The key schedule without a pre-shared key.
 * @param {Uint8Array} shared
 * @param {Uint8Array} info
 * @param {number} aead its number in RFC 9180: the official vector of this KEM is for another one than ours
 * @returns {Promise<{key: Uint8Array, nonce: Uint8Array}>}
 */
export async function schedule(shared, info, aead = AES_256_GCM) {
  const label = labelOf(aead);
  const labelled = (name, material = NOTHING) => concat(label, utf8(name), material);
  const hashes = [labelled("psk_id_hash"), labelled("info_hash", info)].map((one) => hmac(NO_SALT, one));
  const context = concat(BASE_MODE, ...(await Promise.all(hashes)));
  const derived = (name, length) =>
    hkdf(shared, labelled("secret"), concat(Uint8Array.of(0, length), labelled(name, context)), length);
  return { key: await derived("key", 32), nonce: await derived("base_nonce", 12) };
}
