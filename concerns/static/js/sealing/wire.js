// An envelope as JSON and back, strictly. The twin of concerns/sealing/wire.py.
//
// toWire(sealed) -> {v, suite, kind, site, thread, id, commit, body, wraps}   fromWire(value, {siteId, kinds}), throws BadEnvelope
import { equal, fromText, toText } from "./bytes.js";
import { KID_BYTES } from "./keys.js";
import { BadEnvelope, SIZES, SUITE, TAG_BYTES, VERSION, WRAP_BYTES } from "./kinds.js";

const NAMES = ["body", "commit", "id", "kind", "site", "suite", "thread", "v", "wraps"];
const MOST_WRAPS = 64;

/** @param {import("./envelope.js").Sealed} sealed @returns {Record<string, unknown>} for JSON */
export function toWire({ header, commit, body, wraps }) {
  return {
    v: VERSION,
    suite: SUITE,
    kind: header.kind,
    site: toText(header.siteId),
    thread: toText(header.threadId),
    id: toText(header.envelopeId),
    commit: toText(commit),
    body: toText(body),
    wraps: Object.fromEntries([...wraps].map(([kid, wrap]) => [kid, toText(wrap)])),
  };
}

/**
 * @param {unknown} value parsed JSON
 * @param {{siteId?: Uint8Array, kinds?: Iterable<number>}} [expected] the site and kinds that are taken; all where left out
 * @returns {import("./envelope.js").Sealed} throws BadEnvelope with `why`
 */
export function fromWire(value, { siteId, kinds } = {}) {
  if (!isObject(value)) throw new BadEnvelope("shape");
  if (value.v !== VERSION || value.suite !== SUITE) throw new BadEnvelope("old");
  if (Object.keys(value).sort().join() !== NAMES.join()) throw new BadEnvelope("shape");
  const kind = value.kind;
  if (!Number.isInteger(kind) || !(kind in SIZES) || (kinds && ![...kinds].includes(kind))) throw new BadEnvelope("kind");
  const header = { kind, siteId: bytes(value.site, 16), threadId: bytes(value.thread, 16), envelopeId: bytes(value.id, 16) };
  if (siteId && !equal(siteId, header.siteId)) throw new BadEnvelope("foreign");
  return {
    header,
    commit: bytes(value.commit, 32),
    body: bytes(value.body, ...SIZES[kind].map((size) => size + TAG_BYTES)),
    wraps: wrapsOf(value.wraps),
  };
}

/** @param {unknown} value @returns {Map<string, Uint8Array>} */
function wrapsOf(value) {
  if (!isObject(value)) throw new BadEnvelope("shape");
  const pairs = Object.entries(value);
  if (pairs.length > MOST_WRAPS) throw new BadEnvelope("size");
  return new Map(pairs.map(([kid, wrap]) => [toText(bytes(kid, KID_BYTES)), bytes(wrap, WRAP_BYTES)]));
}

/** @param {unknown} value @param {...number} lengths that it may have @returns {Uint8Array} */
function bytes(value, ...lengths) {
  let found;
  try {
    found = fromText(value);
  } catch {
    throw new BadEnvelope("shape");
  }
  if (!lengths.includes(found.length)) throw new BadEnvelope("size");
  return found;
}

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
