// Follows the chain of guardians' keys on this device, from the version whose check code stands on posters to the newest.
// The twin of concerns/charter/walking.py.
//
// async follow(pages) -> {guardians, signers, until, checkCode, newest}
import { concat, equal, fromText, sha256, toText, utf8 } from "../sealing/bytes.js";
import { kidOf } from "../sealing/keys.js";
import { verify } from "../sealing/signing.js";

const LEAST = 2;

/** A version that the guardians before it did not sign, or that does not follow from it. */
export class Unfollowed extends Error {}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOf = (text) => Uint8Array.from(String(text).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hashOf = (document) => hex(sha256(utf8(document)));
const digestOf = ({ kem, sign }) => hex(sha256(concat(utf8("concerns-key/1"), kem, sign)));
const same = (one, other) => equal(one.kem, other.kem) && equal(one.sign, other.sign);

/** @param {string} document */
function read(document) {
  const parts = JSON.parse(document);
  const guardians = parts.guardians.map(({ person, name, kem, sign }) => {
    const key = fromText(kem);
    return { person, name, kem: key, sign: fromText(sign), kid: toText(kidOf(key)), hexKid: hex(kidOf(key)) };
  });
  return { ...parts, guardians };
}

/** How many guardians signed a document with a key of theirs. */
async function signatures(guardians, { document, signatures }) {
  const message = concat(utf8("concerns-charter/1 manifest"), new Uint8Array(1), utf8(document));
  const good = await Promise.all(
    guardians.map(({ sign, hexKid }) => hexKid in signatures && verify(sign, message, bytesOf(signatures[hexKid]))),
  );
  return good.filter(Boolean).length;
}

/**
 * Whose keys are in force, and whose were: what a former guardian signed counts until her last day.
 * @param {{document: string, signatures: Record<string, string>}[]} pages every version, the first one first
 */
export async function follow(pages) {
  const checkCode = hashOf(pages[0].document).slice(0, 15).match(/.{5}/g).join(" ");
  let now = read(pages[0].document);
  const former = [];
  for (const [index, page] of pages.slice(1).entries()) {
    const next = read(page.document);
    const gone = now.guardians.filter((one) => !next.guardians.some((other) => same(one, other)));
    const follows = next.version === index + 2 && next.previous === hashOf(pages[index].document);
    const named = next.removed.length === gone.length && gone.every((one) => next.removed.includes(digestOf(one)));
    if (!follows || !named || (await signatures(now.guardians, page)) < LEAST) throw new Unfollowed();
    former.push(...gone.map((one) => ({ ...one, until: next.day })));
    now = next;
  }
  return {
    guardians: now.guardians,
    signers: [...now.guardians, ...former],
    until: new Map(former.map((one) => [toText(one.sign), one.until])),
    checkCode,
    newest: hashOf(pages.at(-1).document),
  };
}
