// AES-256-GCM by the browser itself.
//
// async encrypt(key, nonce, plain, aad)   async decrypt(key, nonce, sealed, aad), which throws where a bit differs

/** @param {Uint8Array} key @param {"encrypt" | "decrypt"} use @returns {Promise<CryptoKey>} */
const imported = (key, use) => crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);

/**
 * @param {Uint8Array} key 32 bytes
 * @param {Uint8Array} nonce 12 bytes
 * @param {Uint8Array} plain
 * @param {Uint8Array} additionalData what it is bound to
 * @returns {Promise<Uint8Array>} ciphertext and tag
 */
export async function encrypt(key, nonce, plain, additionalData) {
  const options = { name: "AES-GCM", iv: nonce, additionalData };
  return new Uint8Array(await crypto.subtle.encrypt(options, await imported(key, "encrypt"), plain));
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} nonce
 * @param {Uint8Array} sealed ciphertext and tag
 * @param {Uint8Array} additionalData
 * @returns {Promise<Uint8Array>}
 */
export async function decrypt(key, nonce, sealed, additionalData) {
  const options = { name: "AES-GCM", iv: nonce, additionalData };
  return new Uint8Array(await crypto.subtle.decrypt(options, await imported(key, "decrypt"), sealed));
}
