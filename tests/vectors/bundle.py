"""Builds a script of ours as `make assets` does, for a test."""

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SEALING = ROOT / "concerns/static/js/sealing"
BUILD = """
import { build } from "esbuild";
const [entry, outfile, format] = JSON.parse(process.argv[1]);
const external = ["*/curves_noble.js"];
await build({ entryPoints: [entry], outfile, format, external, bundle: true, minify: true, legalComments: "none", target: "es2022" });
"""


def bundle(entry: Path, built: Path, form: str = "esm") -> Path:
    """The script with everything that it imports, in one file; but for the curves that only some browsers fetch."""
    run_script(BUILD, [str(entry), str(built), form])
    return built


def run_script(source: str, argument: object) -> str:
    """What a module of a few lines prints under Node, given one argument as JSON."""
    command = ["scripts/node.sh", "node", "--input-type=module", "--eval", source, json.dumps(argument)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120).stdout
