// Fetches pages of this machine as Mozilla's HTTP Observatory fetches a site, and prints what each of its rules says.
//
// Usage: node judge.mjs HTTPS-PORT CLOSED-PORT PATH…
import { existsSync, writeFileSync } from "node:fs";
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";

// The package downloads the list of preloaded names when it is installed. Ours runs no install script: `localhost` is on no list.
const preload = new URL("../conf/hsts-preload.json", import.meta.resolve("@mdn/mdn-http-observatory"));
if (!existsSync(preload)) writeFileSync(preload, "{}\n");

const [httpsPort, httpPort, ...paths] = process.argv.slice(2);
const said = {};
for (const path of paths) {
  // 'retrieve' and the rules are what their 'scan' runs; only the ports and the path are ours
  const retrieved = await retrieve("localhost", { httpsPort, httpPort, path });
  const { auto } = retrieved.responses;
  said[path] = { status: auto?.status, url: retrieved.session?.url.href, rules: {} };
  for (const rule of ALL_TESTS) {
    const { constructor, pass, result } = rule(retrieved);
    said[path].rules[constructor.name] = { pass, result, modifier: getScoreModifier(result) };
  }
}
console.log(JSON.stringify(said));
