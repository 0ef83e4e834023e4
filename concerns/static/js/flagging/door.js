// Talks to the report door: keys come, sealed envelopes go. Nothing here sees a word.
//
// async getKeys() -> Keys   async post(address, value) -> answer, throws DoorError {word}   work(challenge) -> Promise
import { fromText } from "../sealing/bytes.js";
import { follow, Unfollowed } from "./manifest.js";
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
 * @typedef {Guardian & {until?: string}} Signer a guardian, or a former one with the last day that counts
 * @typedef {{siteId: Uint8Array, guardians: Guardian[], signers: Signer[], until: Map<string, string>, checkCode: string,
 *   newest: string, challenge: object}} Keys
 */

/** Whom to seal for, with the check code worked out here, and every later change followed here. @returns {Promise<Keys>} */
export async function getKeys() {
  const answer = await ask(facts.keys, {});
  try {
    return { siteId: fromText(answer.site), challenge: answer.challenge, ...(await follow(answer.manifests)) };
  } catch (error) {
    throw error instanceof Unfollowed ? new DoorError("unsigned-keys") : error;
  }
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
