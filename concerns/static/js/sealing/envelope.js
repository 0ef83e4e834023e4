// The envelope, version 1: one format for everything that is sealed in a thread.
// The twin of concerns/sealing/envelope.py.
//
// headerOf(kind, siteId, threadId)   async seal(header, payload, recipients, {signSeed, excluded})
// async open(sealed, holder)   async signedBy(sealed, payload, signPublic)   async wrapFor(publicKey, dek, header, commit)
// contextOf(header)   toWire(sealed)   fromWire(value, {siteId, kinds}) and everything of kinds.js.
// Key ids are base64url text wherever they stand in a Map or a list.
import { decrypt, encrypt } from "./aead.js";
import { canonical, concat, equal, fromText, random, sha256, text, toText, utf8 } from "./bytes.js";
import { hkdf, NO_SALT } from "./hkdf.js";
import { openWith, sealTo } from "./hpke.js";
import { kidOf } from "./keys.js";
import { NotForThisKey, SIZES, SUITE, Tampered, TooLong } from "./kinds.js";
import { sign, verify } from "./signing.js";

export * from "./kinds.js";
export { fromWire, toWire } from "./wire.js";

/**
 * Ids have 16 bytes each; wraps stand by base64url kid.
 * @typedef {{kind: number, siteId: Uint8Array, threadId: Uint8Array, envelopeId: Uint8Array}} Header
 * @typedef {{header: Header, commit: Uint8Array, body: Uint8Array, wraps: Map<string, Uint8Array>}} Sealed
 */

const KEPT_SECRET = 32;

/**
 * A header with a fresh envelope id.
 * @param {number} kind
 * @param {Uint8Array} siteId
 * @param {Uint8Array} threadId
 * @returns {Header}
 */
export const headerOf = (kind, siteId, threadId) => ({ kind, siteId, threadId, envelopeId: random(16) });

/** 60 bytes: "concerns/1" ‖ suite ‖ kind ‖ site ‖ thread ‖ envelope. @param {Header} header @returns {Uint8Array} */
export function contextOf({ kind, siteId, threadId, envelopeId }) {
  if (!(kind in SIZES)) throw new RangeError("no such kind");
  if ([siteId, threadId, envelopeId].some((id) => id.length !== 16)) throw new RangeError("ids have 16 bytes each");
  return concat(utf8("concerns/1"), Uint8Array.of(SUITE, kind), siteId, threadId, envelopeId);
}

/**
 * Seal a payload to the recipients' KEM public keys, signed where a seed is given. A recipient whose base64url kid is in
 * `excluded` gets a wrap of 32 random bytes instead of the data key: same row, same length. Throws TooLong.
 * @param {Header} header
 * @param {Record<string, unknown>} payload
 * @param {Iterable<Uint8Array>} recipients
 * @param {{signSeed?: Uint8Array | null, excluded?: Iterable<string>}} [options]
 * @returns {Promise<Sealed>}
 */
export async function seal(header, payload, recipients, { signSeed = null, excluded = [] } = {}) {
  const [dek, out] = [random(KEPT_SECRET), new Set(excluded)];
  const { key, nonce, commit } = await schedule(header, dek);
  const said = signSeed ? { ...payload, sig: toText(await sign(signSeed, signedBytes(header, commit, payload))) } : payload;
  const body = await encrypt(key, nonce, pad(header.kind, canonical(said)), concat(contextOf(header), commit));
  const wraps = new Map();
  for (const publicKey of recipients) {
    const kid = toText(kidOf(publicKey));
    wraps.set(kid, await wrapFor(publicKey, out.has(kid) ? random(KEPT_SECRET) : dek, header, commit));
  }
  return { header, commit, body, wraps };
}

/**
 * The data key sealed to one recipient, bound to the envelope and to her key id.
 * @param {Uint8Array} publicKey
 * @param {Uint8Array} dek
 * @param {Header} header
 * @param {Uint8Array} commit
 * @returns {Promise<Uint8Array>} 1,168 bytes
 */
export const wrapFor = (publicKey, dek, header, commit) =>
  sealTo(publicKey, dek, concat(contextOf(header), commit, kidOf(publicKey)));

/**
 * The payload, for the holder of this key. Throws NotForThisKey or Tampered.
 * @param {Sealed} sealed
 * @param {import("./keys.js").Holder} holder
 * @returns {Promise<Record<string, unknown>>}
 */
export async function open(sealed, holder) {
  const wrap = sealed.wraps.get(toText(holder.kid));
  if (!wrap) throw new NotForThisKey();
  const bound = concat(contextOf(sealed.header), sealed.commit);
  const dek = await orTampered(() => openWith(holder.seed, wrap, concat(bound, holder.kid)));
  const { key, nonce, commit } = await schedule(sealed.header, dek);
  if (!equal(commit, sealed.commit)) throw new NotForThisKey();
  return orTampered(async () => {
    const payload = JSON.parse(text(unpad(await decrypt(key, nonce, sealed.body, bound))));
    canonical(payload); // fails for half characters and endless nesting: nobody honest could have sealed them
    if (payload === null || typeof payload !== "object" || Array.isArray(payload)) throw new TypeError("no object");
    return payload;
  });
}

/** @template T @param {() => Promise<T>} act @returns {Promise<T>} */
async function orTampered(act) {
  try {
    return await act();
  } catch {
    throw new Tampered();
  }
}

/**
 * Whether an opened payload carries this key's signature over its context, commitment and content.
 * @param {Sealed} sealed
 * @param {Record<string, unknown>} payload
 * @param {Uint8Array} signPublic
 * @returns {Promise<boolean>}
 */
export async function signedBy(sealed, payload, signPublic) {
  let message, signature;
  try {
    [message, signature] = [signedBytes(sealed.header, sealed.commit, payload), fromText(payload.sig)];
  } catch {
    return false;
  }
  return verify(signPublic, message, signature);
}

/** The commitment stops one ciphertext from having two readings. @param {Header} header @param {Uint8Array} dek */
async function schedule(header, dek) {
  const derived = await hkdf(NO_SALT, dek, concat(contextOf(header), utf8("body")), 76);
  return { key: derived.slice(0, 32), nonce: derived.slice(32, 44), commit: derived.slice(44) };
}

/** @param {Header} header @param {Uint8Array} commit @param {Record<string, unknown>} payload */
function signedBytes(header, commit, payload) {
  const content = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== "sig"));
  return concat(utf8("concerns-sig/1"), contextOf(header), commit, sha256(canonical(content)));
}

/** u32 length ‖ payload ‖ zeros. @param {number} kind @param {Uint8Array} payload */
function pad(kind, payload) {
  const size = SIZES[kind].find((one) => payload.length + 4 <= one);
  if (!size) throw new TooLong();
  const padded = new Uint8Array(size);
  new DataView(padded.buffer).setUint32(0, payload.length);
  padded.set(payload, 4);
  return padded;
}

/** @param {Uint8Array} padded */
function unpad(padded) {
  const end = 4 + new DataView(padded.buffer, padded.byteOffset, padded.length).getUint32(0);
  if (end > padded.length || padded.subarray(end).some((byte) => byte !== 0)) throw new RangeError("bad padding");
  return padded.subarray(4, end);
}
