// X25519 and Ed25519: the browser's own where it has them and answers rightly, else noble's, which is fetched then.
//
// async ready()   async x25519Public(seed)   async x25519Shared(seed, publicKey)
// async ed25519Public(seed)   async ed25519Sign(seed, message)   async ed25519Verify(publicKey, message, signature)
import { concat, equal, fromText, sha256, toText } from "./bytes.js";

/** What stands before the 32 bytes of a secret in PKCS #8 (RFC 8410), but for the curve's number. */
const BEFORE = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0, 4, 0x22, 4, 0x20];
const [X, ED] = ["X25519", "Ed25519"];
const NUMBER = { [X]: 0x6e, [ED]: 0x70 };
const USE = { [X]: "deriveBits", [ED]: "sign" };

/** Both curves by WebCrypto. */
const own = {
  x25519Public: (seed) => publicHalf(X, seed),
  x25519Shared: async (seed, publicKey) => {
    const theirs = await crypto.subtle.importKey("raw", publicKey, X, false, []);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: X, public: theirs }, await secret(X, seed), 256));
  },
  ed25519Public: (seed) => publicHalf(ED, seed),
  ed25519Sign: async (seed, message) => new Uint8Array(await crypto.subtle.sign(ED, await secret(ED, seed), message)),
  ed25519Verify: async (publicKey, message, signature) =>
    crypto.subtle.verify(ED, await crypto.subtle.importKey("raw", publicKey, ED, false, ["verify"]), signature, message),
};

/** @param {string} curve @param {Uint8Array} seed @returns {Promise<CryptoKey>} */
function secret(curve, seed) {
  const before = Uint8Array.from(BEFORE, (byte, place) => (place === 11 ? NUMBER[curve] : byte));
  return crypto.subtle.importKey("pkcs8", concat(before, seed), curve, true, [USE[curve]]);
}

/** A private key tells its public half in JWK only. @param {string} curve @param {Uint8Array} seed */
const publicHalf = async (curve, seed) => fromText((await crypto.subtle.exportKey("jwk", await secret(curve, seed))).x);

const SEED = new Uint8Array(32).fill(7);
/** SHA-256 of what the seed shares with itself and how it signs itself. */
const ANSWERS = "73mfH1VwMW4wUDkTz3sQKgCmu9BlnmwPlT4c2qfzaaA";
/** A key and a signature over the seed that hold only when multiplied by eight; OpenSSL, on the other side, refuses it. */
const EIGHTFOLD = fromText(
  "powJvGMnowRgsKGeQMy0E6FmQT7nTezw-qFleXueUJFp6vzQ9Xu2HxPE5y55w-FTTwqe_b-mHmY7wy7q7WTKUFe5sK4kNdVxGfn4IP8W1RmhPG8wwCsoNR5sqXk5BHoM",
);

/** Whether the browser has both curves and answers as Python does. */
async function sound() {
  try {
    const [shared, key] = [await own.x25519Shared(SEED, await own.x25519Public(SEED)), await own.ed25519Public(SEED)];
    const signature = await own.ed25519Sign(SEED, SEED);
    const [good, changed, eightfold] = await Promise.all([
      own.ed25519Verify(key, SEED, signature),
      own.ed25519Verify(key, key, signature),
      own.ed25519Verify(EIGHTFOLD.subarray(0, 32), SEED, EIGHTFOLD.subarray(32)),
    ]);
    return good && !changed && !eightfold && toText(sha256(concat(shared, signature))) === ANSWERS;
  } catch {
    return false;
  }
}

let chosen;
/** Chosen once; tried again where noble could not be fetched. */
const curves = () =>
  (chosen ??= sound()
    .then((right) => (right ? own : import("./curves_noble.js")))
    .catch((error) => {
      chosen = null;
      throw error;
    }));

/** Throws where this device cannot do the curves at all: ask before anything is written. */
export const ready = async () => void (await curves());

/** @param {Uint8Array} seed 32 bytes @returns {Promise<Uint8Array>} 32 bytes */
export const x25519Public = async (seed) => (await curves()).x25519Public(seed);

/**
 * @param {Uint8Array} seed
 * @param {Uint8Array} publicKey
 * @returns {Promise<Uint8Array>} 32 bytes; throws where the other half is of small order, so that anybody knew the result
 */
export async function x25519Shared(seed, publicKey) {
  const shared = await (await curves()).x25519Shared(seed, publicKey);
  if (equal(shared, new Uint8Array(32))) throw new RangeError("nothing is shared");
  return shared;
}

/** @param {Uint8Array} seed @returns {Promise<Uint8Array>} 32 bytes */
export const ed25519Public = async (seed) => (await curves()).ed25519Public(seed);

/** @param {Uint8Array} seed @param {Uint8Array} message @returns {Promise<Uint8Array>} 64 bytes */
export const ed25519Sign = async (seed, message) => (await curves()).ed25519Sign(seed, message);

/** Throws for a malformed key. @param {Uint8Array} publicKey @param {Uint8Array} message @param {Uint8Array} signature */
export const ed25519Verify = async (publicKey, message, signature) =>
  (await curves()).ed25519Verify(publicKey, message, signature);
