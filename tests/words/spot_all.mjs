// Bundles the spotter as the build does, runs it on the texts read from standard input, and tells what it found.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const { outputFiles } = await esbuild.build({
  entryPoints: ["concerns/static/js/words/spotter.js"],
  bundle: true,
  minify: true,
  write: false,
  legalComments: "none",
  format: "esm",
  target: "es2020",
});
const script = outputFiles[0].text;
const { spot, wider, WIDER } = await import(`data:text/javascript;base64,${Buffer.from(script).toString("base64")}`);
const texts = JSON.parse(readFileSync(0, "utf8"));

let spans = [];
let ms = Infinity;
for (let round = 0; round < Number(process.argv[2]); round += 1) {
  const started = performance.now();
  spans = texts.map(spot);
  ms = Math.min(ms, performance.now() - started);
}
const answer = {
  spans: spans.map((found) => found.map(({ start, end, kind, tier }) => [start, end, kind, tier])),
  wider: spans.map((found, at) => found.map((span) => wider(texts[at], span))),
  wordings: WIDER,
  gzipped: gzipSync(script, { level: 9 }).length,
  ms,
};
console.log(JSON.stringify(answer));
