// The Worker that does the proof of work: takes a challenge's parameters, answers {counter, derivedKey} or {failed: true}.
import { solve } from "./sealing/work.js";

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage(await solve(data));
  } catch {
    self.postMessage({ failed: true });
  }
});
