// Builds concerns/static/built: style sheets and scripts with their hash in the name, a .gz beside each, and manifest.json.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const SOURCE = "concerns/static";
/** Thrown away and made anew; the test that builds agree names another. */
const BUILT = process.argv[2] ?? "concerns/static/built";
const FRESH = `${BUILT}.new`;
const SHEETS = ["report", "desk", "posters"];
/** Fetched only where they are needed, by a script that imports them when it finds so; each whole in itself. */
const LATER = ["counted", "sealing/curves_noble"];
const SCRIPTS = ["mark", "main", "tell", "return", "work", "passkeys"];
/** Drawn before the page, or run as a worker: not modules. */
const CLASSIC = ["mark", "work"];
/** What seals needs a browser of that age anyway; the others run in older ones. */
const NEWER = ["tell", "return", "sealing/curves_noble"];
const NOTICE = "/*! Includes GOV.UK Frontend 6.3.0, (c) 2017 Crown Copyright (Government Digital Service), MIT licence */";
/** What is said of a package whose code a script holds. */
const NOTICES = new Map([
  ["node_modules/govuk-frontend/", NOTICE],
  ["node_modules/@noble/", "/*! Includes noble post-quantum, curves and hashes, (c) 2022 Paul Miller (paulmillr.com), MIT licence */"],
]);

async function sheet(name) {
  const { css } = sass.compile(join(SOURCE, "css", `${name}.scss`), {
    loadPaths: ["node_modules/govuk-frontend/dist"],
    quietDeps: true,
  });
  const options = { loader: "css", minify: true, legalComments: "none", target: ["chrome90", "firefox90", "safari14"] };
  return `${NOTICE}\n${(await esbuild.transform(css, options)).code}`;
}

/** From "main.js" to "main-2f1c….js". */
const manifest = {};
/** By the name with the hash. */
const files = new Map();

function add(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const [, stem, ending] = /^(.+)\.(\w+)$/.exec(name);
  manifest[name] = `${stem}-${hash}.${ending}`;
  files.set(manifest[name], text);
}

/**
 * What is imported later stays a file of its own, named with its hash and standing beside the one that asks for it.
 * esbuild's own splitting would take what two files share into a third: larger by 6 kB for everybody who needs only one.
 */
const apart = {
  name: "apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind, path }) => {
      if (kind !== "dynamic-import") return null;
      const built = manifest[basename(path)];
      return built ? { path: `./${built}`, external: true } : { errors: [{ text: `${path} is not among LATER` }] };
    }),
};

async function script(name) {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [join(SOURCE, "js", `${name}.js`)],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    legalComments: "none",
    format: CLASSIC.includes(name) ? "iife" : "esm",
    target: NEWER.includes(name) ? "es2022" : "es2020",
    plugins: [apart],
    outfile: `${name}.js`,
  });
  const held = Object.entries(metafile.outputs[`${name}.js`].inputs).filter(([, { bytesInOutput }]) => bytesInOutput);
  const notices = [...NOTICES].filter(([folder]) => held.some(([path]) => path.startsWith(folder)));
  return [...notices.map(([, notice]) => notice), outputFiles[0].text].join("\n");
}

add("icon.svg", readFileSync(join(SOURCE, "icon.svg"), "utf8"));
for (const name of SHEETS) add(`${name}.css`, await sheet(name));
const written = [...LATER, ...SCRIPTS].filter((name) => existsSync(join(SOURCE, "js", `${name}.js`)));
for (const name of written) add(`${basename(name)}.js`, await script(name));

rmSync(FRESH, { recursive: true, force: true });
mkdirSync(FRESH);
for (const [name, text] of files) {
  writeFileSync(join(FRESH, name), text);
  writeFileSync(join(FRESH, `${name}.gz`), gzipSync(text, { level: 9 }));
}
writeFileSync(join(FRESH, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
rmSync(BUILT, { recursive: true, force: true });
renameSync(FRESH, BUILT);
