// Signed envelopes form one chain per signer: nothing can be changed, dropped or moved unseen.
// The twin of concerns/sealing/chain.py.
//
// linkHash(sealed)   nextLink(own, newestOther)   position(payload)
// async judge(opened, rows, guardianSigners, reporterSigner, until)   missingSeen(judged, rows)   inOrder(links)
// STANDING   UNSIGNED_KINDS REPORTER_KINDS
import { concat, sha256, toText } from "./bytes.js";
import { contextOf, KIND, signedBy } from "./envelope.js";

/** @typedef {import("./envelope.js").Sealed} Sealed */
/** @typedef {{sealed: Sealed, payload: Record<string, unknown>}} Pair an envelope and what this reader found in it */
/** @typedef {Pair & {signer: Uint8Array | null, standing: "proven" | "unproven" | "broken"}} Opened */

export const REPORTER_KINDS = new Set([KIND.FLAG, KIND.DETAIL, KIND.FILE, KIND.CONTACT]);
export const UNSIGNED_KINDS = new Set([KIND.FLAG, KIND.FILE, KIND.CONTACT]);

/** What can be said of who wrote an opened envelope. */
export const STANDING = Object.freeze({
  PROVEN: "proven",
  UNPROVEN: "unproven", // not signed by anybody who may have written it
  BROKEN: "broken", // signed, but something before it is missing, changed or moved
});

/**
 * base64url of SHA-256(header ‖ commit ‖ body). Wraps stay out: they change when a guardian joins or leaves.
 * @param {Sealed} sealed
 * @returns {string}
 */
export const linkHash = (sealed) => toText(sha256(concat(contextOf(sealed.header), sealed.commit, sealed.body)));

/** A row may come as its hash alone, where this reader cannot open it anyway. @param {Sealed | string} row */
const hashOf = (row) => (typeof row === "string" ? row : linkHash(row));

/**
 * Where a signed payload says it stands in its signer's chain; -1 where it says nothing.
 * @param {Record<string, unknown>} payload
 * @returns {number}
 */
export const position = (payload) => (Number.isInteger(payload.n) ? payload.n : -1);

/**
 * The chain fields of a signer's next payload.
 * @param {Pair[]} own the signer's earlier signed envelopes of this thread, opened, in any order
 * @param {Sealed | null} newestOther the newest envelope of the other side that the signer has seen
 * @returns {{n: number, prev: string | null, seen: string | null}}
 */
export function nextLink(own, newestOther) {
  const last = own.reduce((best, pair) => (best && position(best.payload) >= position(pair.payload) ? best : pair), null);
  return {
    n: last ? position(last.payload) + 1 : 0,
    prev: last ? linkHash(last.sealed) : null,
    seen: newestOther ? linkHash(newestOther) : null,
  };
}

/**
 * Say of each opened envelope who signed it and whether its chain is whole. A predecessor that this reader cannot open
 * still proves that nothing was dropped. A flag is not signed: it is what the reporter's key comes from.
 * @param {Pair[]} opened
 * @param {(Sealed | string)[]} rows all envelopes of the thread, opened or not, or their hashes
 * @param {Uint8Array[]} guardianSigners
 * @param {Uint8Array | null} reporterSigner
 * @param {Map<string, string>} until the last day (ISO) that a former guardian's key may have signed, by base64url
 * @returns {Promise<Opened[]>}
 */
export async function judge(opened, rows, guardianSigners, reporterSigner, until = new Map()) {
  const known = new Set(rows.map(hashOf));
  const places = new Map(opened.map(({ sealed, payload }) => [linkHash(sealed), position(payload)]));
  const taken = new Set();
  const ordered = [...opened].sort(byPosition);
  const found = await Promise.all(ordered.map((pair) => signerOf(pair, guardianSigners, reporterSigner, until)));
  return ordered.map(({ sealed, payload }, index) => {
    const signer = found[index];
    if (UNSIGNED_KINDS.has(sealed.header.kind)) return { sealed, payload, signer, standing: STANDING.PROVEN };
    if (!signer) return { sealed, payload, signer, standing: STANDING.UNPROVEN };
    const place = `${toText(signer)} ${position(payload)}`;
    const whole = follows(payload, known, places) && !taken.has(place);
    taken.add(place);
    return { sealed, payload, signer, standing: whole ? STANDING.PROVEN : STANDING.BROKEN };
  });
}

/** Who signed it, of those who may have written it. @param {Pair} pair @returns {Promise<Uint8Array | null>} */
async function signerOf({ sealed, payload }, guardianSigners, reporterSigner, until) {
  if (UNSIGNED_KINDS.has(sealed.header.kind)) return null;
  const signers = REPORTER_KINDS.has(sealed.header.kind) ? [reporterSigner] : guardianSigners;
  const signed = await Promise.all(signers.map((key) => key && signedBy(sealed, payload, key)));
  const signer = signers.find((_, index) => signed[index]);
  const last = signer && until.get(toText(signer));
  return !signer || (last && !(typeof payload.day === "string" && payload.day <= last)) ? null : signer;
}

/**
 * Whether a proven envelope says its signer had seen one that is no longer there.
 * @param {Opened[]} judged
 * @param {Sealed[]} rows
 * @returns {boolean}
 */
export function missingSeen(judged, rows) {
  const known = new Set(rows.map(hashOf));
  const proven = judged.filter((item) => item.standing === STANDING.PROVEN && item.signer);
  return proven.some(({ payload }) => typeof payload.seen === "string" && !known.has(payload.seen));
}

/**
 * Envelopes in the order in which they were written. The signed links decide; where they leave it open, the lower rank
 * comes first. A circle, which nobody honest can make, is broken at its lowest rank.
 * @param {{own: string, before: string[], rank: (string | number)[]}[]} links hash, hashes written before it, rank
 * @returns {string[]} hashes
 */
export function inOrder(links) {
  const ranks = new Map(links.map(({ own, rank }) => [own, [...rank, own]]));
  const others = ({ own, before }) => new Set(before.filter((one) => ranks.has(one) && one !== own));
  const waiting = new Map(links.map((link) => [link.own, others(link)]));
  const lower = (best, one) => (compare(ranks.get(one), ranks.get(best)) < 0 ? one : best);
  const found = [];
  while (waiting.size) {
    const all = [...waiting.keys()];
    const free = all.filter((own) => !waiting.get(own).size);
    const own = (free.length ? free : all).reduce(lower);
    found.push(own);
    waiting.delete(own);
    for (const before of waiting.values()) before.delete(own);
  }
  return found;
}

/** @param {Record<string, unknown>} payload @param {Set<string>} known @param {Map<string, number>} places */
function follows(payload, known, places) {
  const [n, prev, seen] = [position(payload), payload.prev ?? null, payload.seen ?? null];
  if (seen !== null && typeof seen !== "string") return false;
  if (n <= 0) return n === 0 && prev === null;
  return typeof prev === "string" && known.has(prev) && (places.get(prev) ?? n - 1) === n - 1;
}

/** @param {Pair} one @param {Pair} two */
function byPosition(one, two) {
  const [first, second] = [one, two].map(({ sealed, payload }) => [position(payload), ...sealed.header.envelopeId]);
  return compare(first, second);
}

/** As Python compares tuples. @param {(string | number)[]} one @param {(string | number)[]} two */
function compare(one, two) {
  const place = one.findIndex((value, index) => value !== two[index]);
  return place < 0 ? 0 : one[place] < two[place] ? -1 : 1;
}
