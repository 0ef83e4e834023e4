// Builds concerns/static/built: style sheets and scripts with their hash in the name, a .gz beside each, and manifest.json.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const SOURCE = "concerns/static";
const BUILT = "concerns/static/built";
const FRESH = `${BUILT}.new`;
const SHEETS = ["report", "desk"];
const SCRIPTS = ["mark", "main"];
const NOTICE = "/*! Includes GOV.UK Frontend 6.3.0, (c) 2017 Crown Copyright (Government Digital Service), MIT licence */";

async function sheet(name) {
  const { css } = sass.compile(join(SOURCE, "css", `${name}.scss`), {
    loadPaths: ["node_modules/govuk-frontend/dist"],
    quietDeps: true,
  });
  const options = { loader: "css", minify: true, legalComments: "none", target: ["chrome90", "firefox90", "safari14"] };
  return `${NOTICE}\n${(await esbuild.transform(css, options)).code}`;
}

async function script(name) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(SOURCE, "js", `${name}.js`)],
    bundle: true,
    minify: true,
    write: false,
    legalComments: "none",
    format: name === "mark" ? "iife" : "esm",
    target: "es2020",
    banner: name === "mark" ? {} : { js: NOTICE },
  });
  return outputFiles[0].text;
}

const files = new Map([["icon.svg", readFileSync(join(SOURCE, "icon.svg"), "utf8")]]);
for (const name of SHEETS) files.set(`${name}.css`, await sheet(name));
for (const name of SCRIPTS) files.set(`${name}.js`, await script(name));

rmSync(FRESH, { recursive: true, force: true });
mkdirSync(FRESH);
const manifest = {};
for (const [name, text] of files) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const [, stem, ending] = /^(.+)\.(\w+)$/.exec(name);
  manifest[name] = `${stem}-${hash}.${ending}`;
  writeFileSync(join(FRESH, manifest[name]), text);
  writeFileSync(join(FRESH, `${manifest[name]}.gz`), gzipSync(text, { level: 9 }));
}
writeFileSync(join(FRESH, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
rmSync(BUILT, { recursive: true, force: true });
renameSync(FRESH, BUILT);
