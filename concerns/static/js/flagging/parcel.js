// Seals a concern on this device: the flag, how to be reached, and photos, for all readers and for the reporter herself.
//
// async sealConcern(keys, told) -> {entropy, parcel}   async derived(keys, entropy)   outside(keys, persons) -> kids
import { random, toText } from "../sealing/bytes.js";
import { headerOf, KIND, seal, toWire } from "../sealing/envelope.js";
import { Holder } from "../sealing/keys.js";
import { derive, newEntropy } from "../sealing/receipt.js";
import { signPublic } from "../sealing/signing.js";

/** Letters of a staff code; the field of a post is as long without one. */
const CODE_LENGTH = 16;

/** Key ids of the persons who must not read. @param {import("./door.js").Keys} keys @param {Iterable<string>} persons */
export function outside(keys, persons) {
  const out = new Set(persons);
  return keys.guardians.filter((guardian) => out.has(guardian.person)).map((guardian) => guardian.kid);
}

/**
 * Everything that one Send posts, but for the proof of work.
 * @param {import("./door.js").Keys} keys
 * @param {{flag: object, contact: {wish: string, how: string}, photos: Uint8Array[], code: string}} told
 */
export async function sealConcern(keys, { flag, contact, photos, code }) {
  const entropy = newEntropy();
  const own = await derive(entropy, keys.siteId);
  const holder = await Holder.of(own.kemSeed);
  const excluded = outside(keys, flag.exclusions);
  const recipients = [...keys.guardians.map((guardian) => guardian.kem), holder.publicKey];
  const threadId = random(16);
  const sealed = (kind, payload) => seal(headerOf(kind, keys.siteId, threadId), payload, recipients, { excluded });
  const envelopes = [
    await sealed(KIND.FLAG, { ...flag, kem: toText(holder.publicKey), sign: toText(await signPublic(own.signSeed)) }),
    await sealed(KIND.CONTACT, contact),
  ];
  for (const photo of photos) envelopes.push(await sealed(KIND.FILE, { type: "image/jpeg", data: toText(photo) }));
  const parcel = { sealed: envelopes.map(toWire), lookup: toText(own.lookupHash), code: code.padEnd(CODE_LENGTH) };
  return { entropy, parcel };
}
