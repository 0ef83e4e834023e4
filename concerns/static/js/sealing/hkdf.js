// HKDF-SHA256 (RFC 5869) and HMAC-SHA256, the half of it that HPKE also asks for alone, by the browser itself.
//
// async hkdf(salt, material, info, length)   async hmac(key, message)   NO_SALT

/** RFC 5869: where no salt is given. HMAC fills an empty one up to the same, but a browser takes no empty key. */
export const NO_SALT = new Uint8Array(32);

/**
 * Extract and expand.
 * @param {Uint8Array} salt
 * @param {Uint8Array} material
 * @param {Uint8Array} info
 * @param {number} length
 * @returns {Promise<Uint8Array>}
 */
export async function hkdf(salt, material, info, length) {
  const key = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 8 * length));
}

/** Extract alone; also the first 32 bytes of expand, for an info that ends in 1. @returns {Promise<Uint8Array>} 32 bytes */
export async function hmac(key, message) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}
