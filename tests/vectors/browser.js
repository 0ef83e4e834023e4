// What the tests ask of the browser's half of sealing: JSON in, JSON out, everything under the page's own policy.
import { ml_kem768_x25519 as nobles } from "@noble/post-quantum/hybrid.js";
import * as bytes from "../../concerns/static/js/sealing/bytes.js";
import * as chain from "../../concerns/static/js/sealing/chain.js";
import * as curves from "../../concerns/static/js/sealing/curves.js";
import * as envelope from "../../concerns/static/js/sealing/envelope.js";
import * as hpke from "../../concerns/static/js/sealing/hpke.js";
import { Holder, kidOf, newSeed } from "../../concerns/static/js/sealing/keys.js";
import * as receipt from "../../concerns/static/js/sealing/receipt.js";
import * as signing from "../../concerns/static/js/sealing/signing.js";
import * as xWing from "../../concerns/static/js/sealing/xwing.js";

const { fromText, toText } = bytes;
const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (some) => Array.from(some, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The payload, or what was thrown. */
async function opened(sealed, holder) {
  try {
    return { payload: await envelope.open(sealed, holder) };
  } catch (error) {
    const known = [envelope.NotForThisKey, envelope.Tampered].find((one) => error instanceof one);
    return { refused: known === envelope.Tampered ? "Tampered" : known ? "NotForThisKey" : `crash: ${error}` };
  }
}

function thrown(act) {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

/** Who is sealed to in the measurements: three guardians and the reporter. */
const parties = (count) => Promise.all(Array.from({ length: count }, () => Holder.of(newSeed())));

/** The bits of one part that a test flips: the first, the last and some in between. */
const bitsOf = (part) => [0, part.length * 8 - 1, ...Array.from({ length: 10 }, () => Math.floor(Math.random() * part.length * 8))];

function flipped(part, bit) {
  const changed = part.slice();
  changed[bit >> 3] ^= 1 << (bit & 7);
  return changed;
}

/** Every way in which one envelope is changed: [what, changed]. */
function* changes(sealed, kid, other) {
  for (const name of ["siteId", "threadId", "envelopeId"]) {
    for (const bit of bitsOf(sealed.header[name])) {
      yield [name, { ...sealed, header: { ...sealed.header, [name]: flipped(sealed.header[name], bit) } }];
    }
  }
  for (const name of ["commit", "body"]) {
    for (const bit of bitsOf(sealed[name])) yield [name, { ...sealed, [name]: flipped(sealed[name], bit) }];
  }
  const wrap = sealed.wraps.get(kid);
  for (const bit of [...bitsOf(wrap), 8 * 1120, 8 * 1100]) {
    yield ["wrap", { ...sealed, wraps: new Map(sealed.wraps).set(kid, flipped(wrap, bit)) }];
  }
  for (const some of [other.wraps.get(kid), [...sealed.wraps.values()][1], new Uint8Array(1168), new Uint8Array()]) {
    yield ["swapped wrap", { ...sealed, wraps: new Map(sealed.wraps).set(kid, some) }];
  }
  yield ["kind", { ...sealed, header: { ...sealed.header, kind: envelope.KIND.DETAIL } }];
  yield ["short body", { ...sealed, body: sealed.body.subarray(1) }];
}

globalThis.sealing = {
  opened: async (wires, seed) => {
    const holder = await Holder.of(fromText(seed));
    return Promise.all(wires.map((wire) => opened(envelope.fromWire(wire), holder)));
  },

  signedBy: async (wire, seed, signers) => {
    const sealed = envelope.fromWire(wire);
    const payload = await envelope.open(sealed, await Holder.of(fromText(seed)));
    return Promise.all(signers.map((signer) => envelope.signedBy(sealed, payload, fromText(signer))));
  },

  sealed: async ({ kind, site, thread, payload, recipients, signSeed, excluded }) => {
    const header = envelope.headerOf(kind, fromText(site), fromText(thread));
    const options = { signSeed: signSeed && fromText(signSeed), excluded };
    return envelope.toWire(await envelope.seal(header, payload, recipients.map(fromText), options));
  },

  again: (wire) => envelope.toWire(envelope.fromWire(wire)),

  refusedWires: (values, site) => {
    const kinds = [envelope.KIND.FLAG];
    const why = (value) => thrown(() => envelope.fromWire(value, { siteId: fromText(site), kinds }));
    return values.map((value) => why(value).why ?? null);
  },

  judged: async (wires, rows, seed, guardianSigners, reporterSigner) => {
    const holder = await Holder.of(fromText(seed));
    const all = rows.map((wire) => envelope.fromWire(wire));
    const pairs = [];
    for (const sealed of wires.map((wire) => envelope.fromWire(wire))) {
      pairs.push({ sealed, payload: await envelope.open(sealed, holder) });
    }
    // rows may come whole or as their hashes: the verdict is the same
    const verdict = async (known) => {
      const judged = await chain.judge(pairs, known, guardianSigners.map(fromText), fromText(reporterSigner));
      return {
        standings: judged.map((item) => [chain.linkHash(item.sealed), item.standing]),
        gap: chain.missingSeen(judged, known),
      };
    };
    return Promise.all([all, all.map(chain.linkHash)].map(verdict));
  },

  nextLink: async (wires, newest, seed) => {
    const holder = await Holder.of(fromText(seed));
    const own = [];
    for (const sealed of wires.map((wire) => envelope.fromWire(wire))) {
      own.push({ sealed, payload: await envelope.open(sealed, holder) });
    }
    return chain.nextLink(own, newest && envelope.fromWire(newest));
  },

  ordered: (cases) => cases.map(chain.inOrder),

  receipts: (list) =>
    Promise.all(
      list.map(async ({ entropy, site }) => {
        const own = await receipt.derive(fromText(entropy), fromText(site));
        return {
          site,
          entropy,
          words: receipt.wordsOf(fromText(entropy)),
          digits: receipt.digitsOf(fromText(entropy)),
          lookup: toText(own.lookup),
          kem_seed: toText(own.kemSeed),
          sign_seed: toText(own.signSeed),
          kid: toText((await Holder.of(own.kemSeed)).kid),
          hash: toText(own.lookupHash),
        };
      }),
    ),

  typed: (texts) =>
    texts.map((typed) => {
      const read = thrown(() => receipt.readReceipt(typed));
      if (read instanceof receipt.BadReceipt) return { unknown: read.unknown, count: read.count };
      return { entropy: toText(read.entropy), whole: read.whole };
    }),

  newReceipts: (count) => Array.from({ length: count }, () => receipt.wordsOf(receipt.newEntropy())),

  verified: (list) => Promise.all(list.map((one) => signing.verify(...[one.public, one.message, one.signature].map(fromText)))),

  signed: async (seed, message) => ({
    public: toText(await signing.signPublic(fromText(seed))),
    signature: toText(await signing.sign(fromText(seed), fromText(message))),
  }),

  /** Whose curves are used is settled. */
  ready: curves.ready,

  /** What is shared with each of these halves; null where that is refused. */
  shared: (seed, halves) =>
    Promise.all(halves.map((half) => curves.x25519Shared(fromText(seed), fromText(half)).then(toText, () => null))),

  canonical: (texts) =>
    texts.map((text) => {
      const made = thrown(() => bytes.canonical(JSON.parse(text)));
      return made instanceof Error ? null : toText(made);
    }),

  uncanonical: () =>
    [NaN, Infinity, -0, 2 ** 53, undefined, () => 0, 1n, [undefined], Symbol("x")].map((value) => {
      return thrown(() => bytes.canonical(value)) instanceof TypeError;
    }),

  fromText: (texts) => texts.map((text) => thrown(() => toText(fromText(text))) === text),

  official: async ({ x_wing: xWings, hpke_pq: pq }) => {
    const answer = async ({ seed, eseed, ct }) => {
      const holder = await Holder.of(fromHex(seed));
      const made = await xWing.encapsulate(holder.publicKey, fromHex(eseed));
      const [pk, ss] = [toHex(holder.publicKey), toHex(await xWing.decapsulate(fromHex(seed), fromHex(ct)))];
      return { seed, eseed, pk, ct: toHex(made.cipherText), ss, ss2: toHex(made.sharedSecret) };
    };
    const kems = await Promise.all(xWings.map(answer));
    const shared = await xWing.decapsulate(fromHex(pq.skRm), fromHex(pq.enc));
    const { key, nonce } = await hpke.schedule(shared, fromHex(pq.info), pq.aead_id);
    const pkRm = toHex((await Holder.of(fromHex(pq.skRm))).publicKey);
    return { kems, hpke: { pkRm, shared_secret: toHex(shared), key: toHex(key), base_nonce: toHex(nonce) } };
  },

  /** Ours and noble's own composition of X-Wing, from the same chance: public key, ciphertext, both secrets, and a false one. */
  composed: async (count) => {
    const composition = async (publicKeyOf, encapsulate, decapsulate, seed, chance, bit) => {
      const publicKey = await publicKeyOf(seed);
      const { cipherText, sharedSecret } = await encapsulate(publicKey, chance);
      const opened = [cipherText, flipped(cipherText, bit)].map((one) => decapsulate(seed, one));
      return [publicKey, cipherText, sharedSecret, ...(await Promise.all(opened))].map(toText);
    };
    const ours = [xWing.publicKeyOf, xWing.encapsulate, xWing.decapsulate];
    const theirs = [nobles.getPublicKey, nobles.encapsulate, (seed, cipherText) => nobles.decapsulate(cipherText, seed)];
    const round = (_, bit) => {
      const same = [newSeed(), bytes.random(64), bit];
      return Promise.all([composition(...ours, ...same), composition(...theirs, ...same)]);
    };
    return Promise.all(Array.from({ length: count }, round));
  },

  hpkeSealed: async (publicKey, plain, info) => toText(await hpke.sealTo(...[publicKey, plain, info].map(fromText))),
  hpkeOpened: async (seed, sealed, info) => toText(await hpke.openWith(...[seed, sealed, info].map(fromText))),

  changed: async () => {
    const [holder, second] = await parties(2);
    const publicKeys = [holder.publicKey, second.publicKey];
    const header = envelope.headerOf(envelope.KIND.FLAG, bytes.random(16), bytes.random(16));
    const sealed = await envelope.seal(header, { text: "as it was" }, publicKeys);
    const other = await envelope.seal({ ...header, envelopeId: bytes.random(16) }, { text: "other" }, publicKeys);
    const answers = { untouched: [await opened(sealed, holder)] };
    for (const [what, one] of changes(sealed, toText(holder.kid), other)) {
      (answers[what] ??= []).push(await opened(one, holder));
    }
    return answers;
  },

  sizes: async (kind, counts) => {
    const [holder] = await parties(1);
    const header = envelope.headerOf(kind, bytes.random(16), bytes.random(16));
    const found = [];
    for (const count of counts) {
      try {
        const sealed = await envelope.seal(header, { t: "x".repeat(count) }, [holder.publicKey]);
        found.push([sealed.body.length, ...[...sealed.wraps.values()].map((wrap) => wrap.length)]);
      } catch (error) {
        found.push(error instanceof envelope.TooLong ? null : String(error));
      }
    }
    return found;
  },

  excluded: async () => {
    const [first, second] = await parties(2);
    const header = envelope.headerOf(envelope.KIND.DETAIL, bytes.random(16), bytes.random(16));
    const out = [toText(kidOf(second.publicKey))];
    const sealed = await envelope.seal(header, { t: 1 }, [first.publicKey, second.publicKey], { excluded: out });
    const lengths = [...sealed.wraps.values()].map((wrap) => wrap.length);
    return { lengths, first: await opened(sealed, first), second: await opened(sealed, second) };
  },

  worked: (parameters) =>
    new Promise((resolve) => {
      const worker = new Worker("/work.js");
      worker.addEventListener("message", ({ data }) => resolve(data));
      worker.postMessage(parameters);
    }),

  /** Milliseconds to seal a flag and an empty contact for three guardians and the reporter, receipt included. */
  measured: async (times) => {
    const guardians = (await parties(3)).map((holder) => holder.publicKey);
    const [siteId, threadId] = [bytes.random(16), bytes.random(16)];
    const taken = { receipt: [], seal: [] };
    for (let round = 0; round < times; round++) {
      const start = performance.now();
      const own = await receipt.derive(receipt.newEntropy(), siteId);
      const kem = (await Holder.of(own.kemSeed)).publicKey;
      const keys = { kem: toText(kem), sign: toText(await signing.signPublic(own.signSeed)) };
      const middle = performance.now();
      const to = [...guardians, kem];
      const flag = { text: "x".repeat(2000), ...keys };
      await envelope.seal(envelope.headerOf(envelope.KIND.FLAG, siteId, threadId), flag, to);
      await envelope.seal(envelope.headerOf(envelope.KIND.CONTACT, siteId, threadId), {}, to);
      taken.receipt.push(middle - start);
      taken.seal.push(performance.now() - middle);
    }
    return taken;
  },
};
