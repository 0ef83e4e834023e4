// The hybrid KEM X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 and X25519, joined as its sections 5.2 to 5.5 say.
//
// async publicKeyOf(seed)   async encapsulate(publicKey) -> {cipherText, sharedSecret}   async decapsulate(seed, cipherText)
import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { ml_kem768 as mlKem } from "@noble/post-quantum/ml-kem.js";
import { concat, random, utf8 } from "./bytes.js";
import { x25519Public, x25519Shared } from "./curves.js";

/** Where X25519's part begins in a public key and in a ciphertext. */
const [IN_KEY, IN_TEXT] = [1184, 1088];
const LABEL = utf8("\\.//^\\");

/** @param {Uint8Array} seed 32 bytes @returns both secrets, and ML-KEM's public key */
function expanded(seed) {
  const both = shake256(seed, { dkLen: 96 });
  return { ...mlKem.keygen(both.subarray(0, 64)), x: both.subarray(64) };
}

/** The whole of ML-KEM's ciphertext is bound by ML-KEM itself. */
const joined = (ssM, ssX, ctX, pkX) => sha3_256(concat(ssM, ssX, ctX, pkX, LABEL));

/** @param {Uint8Array} seed 32 bytes @returns {Promise<Uint8Array>} 1,216 bytes */
export async function publicKeyOf(seed) {
  const { publicKey, x } = expanded(seed);
  return concat(publicKey, await x25519Public(x));
}

/**
 * @param {Uint8Array} publicKey 1,216 bytes
 * @param {Uint8Array} [chance] 64 bytes, given by nobody but the official vectors
 * @returns {Promise<{cipherText: Uint8Array, sharedSecret: Uint8Array}>} 1,120 and 32 bytes
 */
export async function encapsulate(publicKey, chance = random(64)) {
  const [pkX, x] = [publicKey.subarray(IN_KEY), chance.subarray(32)];
  const { cipherText, sharedSecret } = mlKem.encapsulate(publicKey.subarray(0, IN_KEY), chance.subarray(0, 32));
  const [ctX, ssX] = [await x25519Public(x), await x25519Shared(x, pkX)];
  return { cipherText: concat(cipherText, ctX), sharedSecret: joined(sharedSecret, ssX, ctX, pkX) };
}

/** @param {Uint8Array} seed 32 bytes @param {Uint8Array} cipherText 1,120 bytes @returns {Promise<Uint8Array>} 32 bytes */
export async function decapsulate(seed, cipherText) {
  const { secretKey, x } = expanded(seed);
  const ctX = cipherText.subarray(IN_TEXT);
  const ssM = mlKem.decapsulate(cipherText.subarray(0, IN_TEXT), secretKey);
  return joined(ssM, await x25519Shared(x, ctX), ctX, await x25519Public(x));
}
