// What kinds of envelope there are, what their bodies are padded to, and the errors of sealing.
//
// KIND SIZES VERSION SUITE TAG_BYTES WRAP_BYTES MAX_TEXT_BYTES   SealingError NotForThisKey Tampered TooLong BadEnvelope

export const VERSION = 1;
export const SUITE = 1;
export const TAG_BYTES = 16;
export const WRAP_BYTES = 1168;
/** All text of one flag or detail together, in UTF-8. */
export const MAX_TEXT_BYTES = 12_000;

/** What an envelope holds. */
export const KIND = Object.freeze({ FLAG: 1, DETAIL: 2, REPLY: 3, NOTE: 4, TRIAGE: 5, FILE: 6, STATUS: 7, CONTACT: 8 });

const SHORT_OR_LONG = [4096, 16384];
/** What a body is padded to, before the tag: the smallest that fits. @type {Readonly<Record<number, number[]>>} */
export const SIZES = Object.freeze({
  [KIND.FLAG]: [16384],
  [KIND.DETAIL]: [16384],
  [KIND.REPLY]: SHORT_OR_LONG,
  [KIND.NOTE]: SHORT_OR_LONG,
  [KIND.TRIAGE]: SHORT_OR_LONG,
  [KIND.FILE]: [512 * 1024],
  [KIND.STATUS]: SHORT_OR_LONG,
  [KIND.CONTACT]: [4096],
});

/** Something sealed could not be made or opened. */
export class SealingError extends Error {}
/** This key is not among the recipients, or was excluded (the two look alike on purpose). */
export class NotForThisKey extends SealingError {}
/** The envelope is not what its sealer made. */
export class Tampered extends SealingError {}
/** The payload does not fit the largest body of its kind. */
export class TooLong extends SealingError {}

/** This JSON is no envelope that we take; `why` is "old", "foreign", "kind", "size" or "shape". */
export class BadEnvelope extends SealingError {
  /** @param {"old" | "foreign" | "kind" | "size" | "shape"} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}
