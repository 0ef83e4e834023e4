"""The scripts that seal in the browser, as built: they make no code, call nobody, and hold the server's words."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import altcha
import pytest
from shamir_mnemonic.wordlist import WORDLIST

from concerns.pages.assets import BUILT, Assets
from concerns.sealing.receipt import FRIGHTENING
from tests.vectors.bundle import ROOT, SEALING, bundle, run_script

FORBIDDEN = (
    r"\beval\b|\bFunction\(|WebAssembly|https?:|//[a-z]+\.|\bimport\(|importScripts|\bfetch\(|XMLHttpRequest|sendBeacon"
)
ENTRY = "\n".join(
    f"export * as {name} from {json.dumps(str(SEALING / f'{name}.js'))};"
    for name in ("bytes", "keys", "xwing", "hpke", "curves", "signing", "envelope", "receipt", "chain")
)
SOLVE = """
import { solve } from "./concerns/static/js/sealing/work.js";
const [parameters, options] = JSON.parse(process.argv[1]);
console.log(JSON.stringify(await solve(parameters, options).catch((error) => ({ error: error.message }))));
"""
SECRET = "the server's own"


#: The one file that a sealing script may fetch by itself, where the browser lacks the curves.
LATER = re.compile(r'\bimport\("\./curves_noble(-[0-9a-f]{12})?\.js"\)')


@pytest.fixture(scope="module")
def sealing(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("build")
    (folder / "entry.js").write_text(ENTRY)
    return bundle(folder / "entry.js", folder / "built.js").read_text()


def test_s17_the_sealing_scripts_make_no_code_and_call_nobody(sealing: str) -> None:
    assert len(LATER.findall(sealing)) == 1
    assert not re.search(FORBIDDEN, LATER.sub("", sealing))


def test_the_curves_and_their_hash_come_only_where_the_browser_has_none(sealing: str) -> None:
    """The initial value of SHA-512 and the curve's d: in the file that is fetched later, and in no other."""
    apart = (BUILT / Assets(BUILT).names["curves_noble.js"]).read_text()
    scripts = [(BUILT / Assets(BUILT).names[name]).read_text() for name in ("tell.js", "return.js")]
    for mark in (r"4089235720|0x?f3bcc908", r"52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3"):
        assert re.search(mark, apart, re.IGNORECASE), mark
        for script in (sealing, *scripts):
            assert not re.search(mark, script, re.IGNORECASE), mark


@pytest.mark.parametrize("name", ["curves_noble.js", "return.js", "tell.js", "work.js"])
def test_s17_a_built_script_makes_no_code(name: str) -> None:
    script = LATER.sub("", (BUILT / Assets(BUILT).names[name]).read_text())
    assert not re.search(r"\beval\b|\bFunction\(|WebAssembly|https?:|\bimport\(|importScripts", script)


def test_the_worker_is_small_and_holds_nothing_but_its_work() -> None:
    worker = (BUILT / Assets(BUILT).names["work.js"]).read_text()
    assert worker.lstrip().startswith(("/*!", "(()=>{"))
    assert len(gzip.compress(worker.encode(), 9)) < 2_000
    assert not re.search(FORBIDDEN + r"|academic|ML-KEM", worker)


def test_the_scripts_say_whose_code_they_hold() -> None:
    for whose, names in (
        ("GOV.UK Frontend", ("main.js", "counted.js")),
        ("noble", ("tell.js", "return.js", "curves_noble.js")),
    ):
        for name in names:
            assert whose in (BUILT / Assets(BUILT).names[name]).read_text().partition("\n")[0]


def test_the_words_of_the_browser_are_the_words_of_the_server(sealing: str) -> None:
    assert " ".join(WORDLIST) in sealing
    assert " ".join(sorted(FRIGHTENING)) in sealing


def test_the_word_list_is_made_by_the_build_and_never_committed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "concerns/static"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "words.generated.js" not in tracked.stdout
    assert "/concerns/static/js/sealing/words.generated.js" in (ROOT / ".gitignore").read_text()
    made = subprocess.run(
        [sys.executable, "-c", "import runpy; print(runpy.run_path('scripts/word_list.py')['script'](), end='')"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert made.stdout == (SEALING / "words.generated.js").read_text(encoding="utf-8")


def test_every_module_opens_by_saying_what_it_is_for_and_stays_short() -> None:
    for path in (*SEALING.glob("*.js"), ROOT / "concerns/static/js/work.js"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("// "), path
        assert len(lines) <= 200, path


def solved(challenge: altcha.Challenge, **options: int) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run_script(SOLVE, [challenge.parameters.to_dict(), options]))
    return answer


def verified(challenge: altcha.Challenge, solution: dict[str, Any]) -> bool:
    answer = altcha.Payload(challenge, altcha.Solution(solution["counter"], solution["derivedKey"]))
    return bool(altcha.verify_solution(answer.to_base64(), SECRET).verified)


@pytest.mark.parametrize("prefix", ["", "0", "00", "F"])
def test_the_server_verifies_what_the_solver_found(prefix: str) -> None:
    challenge = altcha.create_challenge("PBKDF2/SHA-256", cost=100, key_prefix=prefix, hmac_secret=SECRET)
    solution = solved(challenge)
    assert verified(challenge, solution)
    assert not verified(challenge, {**solution, "counter": solution["counter"] + 1})


def test_a_counter_that_the_server_chose_is_found() -> None:
    challenge = altcha.create_challenge("PBKDF2/SHA-256", cost=50, counter=37, hmac_secret=SECRET)
    assert solved(challenge)["counter"] == 37
    assert solved(challenge, start=30, atOnce=1)["counter"] == 37


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm": "SHA-256"},
        {"algorithm": "ARGON2ID"},
        {"cost": 0},
        {"cost": 10**9},
        {"cost": "5"},
        {"nonce": "xyz"},
    ],
)
def test_other_work_is_refused_at_once(change: dict[str, Any]) -> None:
    challenge = altcha.create_challenge("PBKDF2/SHA-256", cost=50, hmac_secret=SECRET)
    parameters = {**challenge.parameters.to_dict(), **change}
    assert "error" in json.loads(run_script(SOLVE, [parameters, {}]))


def test_the_rules_of_make_name_every_folder_of_scripts() -> None:
    """A change to any script, to the words or to the way they are built makes the assets again, and nothing else does."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    depths = {len(path.relative_to(ROOT / "concerns/static/js").parts) for path in Path(SEALING.parent).rglob("*.js")}
    assert depths <= {1, 2}
    assert "concerns/static/js/*.js concerns/static/js/*/*.js) $(WORDS)" in makefile
