// Talks to the report door: keys come, sealed envelopes go. Nothing here sees a word.
//
// async getKeys() -> Keys   async post(address, value) -> answer, throws DoorError {word}   work(challenge) -> Promise
import { fromText, sha256, utf8 } from "../sealing/bytes.js";
import { kidOf } from "../sealing/keys.js";
import { toText } from "../sealing/bytes.js";
import { facts } from "./page.js";

const PATIENCE = 60_000;

/** The door did not take it: `word` is what it said, or "network". */
export class DoorError extends Error {
  /** @param {string} word */
  constructor(word) {
    super(word);
    this.word = word;
  }
}

/**
 * @typedef {{person: string, name: string, kem: Uint8Array, sign: Uint8Array, kid: string}} Guardian
 * @typedef {{siteId: Uint8Array, guardians: Guardian[], checkCode: string, challenge: object}} Keys
 */

/** Whom to seal for, with the check code worked out here from the very document that holds the keys. @returns {Promise<Keys>} */
export async function getKeys() {
  const answer = await ask(facts.keys, {});
  const document = JSON.parse(answer.manifest);
  const digits = [...sha256(utf8(answer.manifest))].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 15);
  const guardians = document.guardians.map(({ person, name, kem, sign }) => {
    const key = fromText(kem);
    return { person, name, kem: key, sign: fromText(sign), kid: toText(kidOf(key)) };
  });
  return {
    siteId: fromText(answer.site),
    guardians,
    checkCode: digits.match(/.{5}/g).join(" "),
    challenge: answer.challenge,
  };
}

/** @param {string} address @param {object} value @returns {Promise<any>} */
export const post = (address, value) =>
  ask(address, { method: "POST", body: JSON.stringify(value), headers: { "Content-Type": "application/json" } });

/** @param {string} address @param {RequestInit} how */
async function ask(address, how) {
  let answer;
  try {
    answer = await fetch(address, { ...how, cache: "no-store", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new DoorError("network");
  }
  let found = {};
  try {
    found = await answer.json();
  } catch {
    // a proxy's own page, or half an answer
    throw new DoorError(answer.ok ? "network" : "broken");
  }
  if (!answer.ok) throw new DoorError(String(found.refused ?? "broken").replace(/^envelope-.*/, "envelope"));
  return found;
}

/** Do the work of a challenge beside the page. @param {any} challenge @returns {Promise<{challenge: object, counter: string, key: string}>} */
export function work(challenge) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(facts.work);
    worker.addEventListener("message", ({ data }) => {
      worker.terminate();
      if (data.failed) reject(new Error("the work failed"));
      // the counter is as long as any other, or the length of a post would say a little
      else resolve({ challenge, counter: String(data.counter).padStart(10, "0"), key: data.derivedKey });
    });
    worker.addEventListener("error", () => reject(new Error("the worker failed")));
    worker.postMessage(challenge.parameters);
  });
}
