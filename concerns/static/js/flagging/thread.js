// A reporter's thread, opened and judged on her device. The twin of concerns/flagging/reading.py.
//
// async openThread(keys, own, answer) -> Thread   Altered
import { concat, equal, fromText, sha256, toText, utf8, canonical } from "../sealing/bytes.js";
import { inOrder, judge, linkHash, missingSeen, position, STANDING } from "../sealing/chain.js";
import { fromWire, KIND, open } from "../sealing/envelope.js";
import { Holder } from "../sealing/keys.js";
import { signPublic, verify } from "../sealing/signing.js";
import { mondayOf } from "./dates.js";

const SHOWN = new Set([KIND.DETAIL, KIND.REPLY, KIND.STATUS]);
/** A guardian writes four at once, of which the reporter opens two. */
const [SET, OPENED] = [4, 2];
const STATUSES = new Set(
  "received,acknowledged,assessing,signposted,referred,needs more,being addressed,responded,concluded,relapse watch,reopened".split(","),
);

/** There is a thread, but the flag in it is not the one that this receipt told. */
export class Altered extends Error {}

/** The text under a name; empty where there is something else: whoever holds a public key may have put anything there. */
export const said = (payload, name) => (typeof payload[name] === "string" ? payload[name] : "");
const day = (payload, name = "day") => (/^2\d{3}-\d\d-\d\d$/.test(said(payload, name)) ? said(payload, name) : "");

/** @typedef {{payload: object, kind: number, mine: boolean, standing: string, signer: Uint8Array | null, guardian: string, week: string, sealed: object}} Message */

/** One reporter's thread. Weeks and days are ISO dates, empty where none is known. */
export class Thread {
  constructor(keys, own, answer, flag, items, rows) {
    Object.assign(this, { keys, own, answer, flag, items, rows });
    this.week = answer.week ?? "";
    this.messages = this.order(items.filter((item) => SHOWN.has(item.sealed.header.kind)).map((item) => this.message(item)));
  }

  message({ sealed, payload, signer, standing }) {
    const written = day(payload);
    const mine = sealed.header.kind === KIND.DETAIL;
    const guardian = mine || !signer ? null : this.keys.signers.find((one) => equal(one.sign, signer));
    const week = written ? mondayOf(written) : (this.answer.weeks[toText(sealed.header.envelopeId)] ?? "");
    return { payload, kind: sealed.header.kind, mine, standing, signer, guardian: guardian?.name ?? "", week, sealed };
  }

  order(messages) {
    const byHash = new Map(messages.map((message) => [linkHash(message.sealed), message]));
    const links = [...byHash].map(([own, message]) => ({
      own,
      before: ["prev", "seen"].map((name) => said(message.payload, name)).filter(Boolean),
      rank: [day(message.payload) || message.week || "9999", position(message.payload)],
    }));
    return inOrder(links).map((own) => byHash.get(own));
  }

  /** What guardians meant for her: where one only looked at something that is noted, nothing has moved. */
  get steps() {
    return this.messages.filter((one) => one.kind === KIND.STATUS && one.signer && one.payload.looked !== true);
  }

  /** The newest status that a guardian signed. */
  get step() {
    return this.steps.filter((one) => STATUSES.has(said(one.payload, "status"))).at(-1) ?? null;
  }

  get status() {
    return this.step ? said(this.step.payload, "status") : "received";
  }

  /** Whether something was taken out. */
  get gap() {
    if (missingSeen(this.items, this.rows)) return true;
    const signers = new Map(this.messages.filter((one) => one.signer).map((one) => [toText(one.signer), one.mine]));
    return [...signers].some(([signer, mine]) => {
      const left = this.messages.filter((one) => one.signer && toText(one.signer) === signer);
      const written = 1 + Math.max(...left.map((one) => position(one.payload)));
      return mine ? left.length < written : left.length * SET < written * OPENED;
    });
  }

  get lastHeard() {
    const weeks = this.steps.filter((one) => one.standing === STANDING.PROVEN && one.week).map((one) => one.week);
    return weeks.sort().at(-1) ?? "";
  }

  /** The week in which she last said that she is treated badly. */
  get detriment() {
    const told = this.messages.filter((one) => one.mine && one.standing === STANDING.PROVEN && said(one.payload, "about") === "detriment");
    return told.map((one) => one.week).sort().at(-1) ?? "";
  }

  get closed() {
    return this.messages.some((one) => one.mine && said(one.payload, "about") === "closing");
  }

  /** Her own signed chain so far, and the newest she has seen of the guardians. */
  get ownDetails() {
    return this.messages.filter((one) => one.mine && one.signer);
  }

  get newestOfGuardians() {
    return this.messages.filter((one) => !one.mine && one.standing === STANDING.PROVEN).at(-1)?.sealed ?? null;
  }

  /** Persons who must not read it: by her own word, and by every status that a guardian signed. @returns {Set<string>} */
  get exclusions() {
    const signed = this.messages.filter((one) => one.kind === KIND.STATUS && one.signer).map((one) => one.payload);
    return new Set([this.flag, ...signed].flatMap((payload) => (Array.isArray(payload.exclusions) ? payload.exclusions : [])));
  }

  /** What a guardian signed to prove that it was told, as text; null where nobody has yet. */
  async findProof() {
    const texts = ["text", "cause", "help"].map((name) => said(this.flag, name));
    const ownKey = await signPublic(this.own.signSeed);
    const content = toText(sha256(concat(utf8("concerns-content/1"), ownKey, canonical(texts))));
    const site = toText(this.keys.siteId);
    for (const message of this.messages.filter((one) => one.kind === KIND.STATUS && one.guardian)) {
      const proof = message.payload.proof ?? {};
      const stated = { site, week: day(proof, "week"), content, day: day(proof) };
      if (proof.content === content && stated.week && stated.day && (await signs(message.signer, stated, said(proof, "sig")))) {
        return { ...stated, guardian: message.guardian, own: toText(ownKey), key: toText(message.signer), sig: proof.sig };
      }
    }
    return null;
  }
}

async function signs(signer, stated, sig) {
  try {
    return await verify(signer, concat(utf8("concerns-proof/1"), canonical(stated)), fromText(sig));
  } catch {
    return false;
  }
}

/**
 * What the door answered, opened with the receipt's keys. Throws Altered.
 * @param {import("./door.js").Keys} keys @param {{kemSeed: Uint8Array, signSeed: Uint8Array}} own @param {any} answer
 */
export async function openThread(keys, own, answer) {
  const holder = await Holder.of(own.kemSeed);
  const rows = answer.sealed.map((one) => fromWire(one, { siteId: keys.siteId }));
  const opened = [];
  for (const sealed of rows) {
    try {
      opened.push({ sealed, payload: await open(sealed, holder) });
    } catch {
      continue; // not hers, or not what its sealer made
    }
  }
  const flags = opened.filter(({ sealed }) => sealed.header.kind === KIND.FLAG);
  const ownSign = await signPublic(own.signSeed);
  if (flags.length !== 1) throw new Altered();
  const { payload: flag } = flags[0];
  if (flag.kem !== toText(holder.publicKey) || flag.sign !== toText(ownSign)) throw new Altered();
  const known = [...rows, ...(answer.links ?? [])];
  const items = await judge(opened, known, keys.signers.map((one) => one.sign), ownSign, keys.until);
  const thread = new Thread(keys, own, answer, flag, items, known);
  thread.holder = holder;
  thread.proof = await thread.findProof();
  thread.threadId = flags[0].sealed.header.threadId;
  thread.contact = opened.find(({ sealed }) => sealed.header.kind === KIND.CONTACT)?.payload ?? {};
  return thread;
}
