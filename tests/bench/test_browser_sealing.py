"""What sealing on the reporter's own device costs: milliseconds in Chromium, and kilobytes on the way there."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Page, sync_playwright
from shamir_mnemonic.wordlist import WORDLIST

from concerns.sealing.receipt import FRIGHTENING
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.test_sealing import WITHOUT
from tests.vectors.bundle import SEALING, bundle
from tests.vectors.page import sealing_page

pytestmark = pytest.mark.bench
ROUNDS, WARM = 25, 5
#: kB; ML-KEM-768, SHA-3 and SHA-256 alone are 9
BUDGET = 16
#: kB more, for a browser without the curves
FALLBACK = 16
MODULES = ("envelope", "receipt", "chain", "signing", "keys", "curves", "bytes")


@pytest.fixture(params=["own", "noble"])
def page(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    with sync_playwright() as playwright, sealing_page(tmp_path) as origin:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page()
        if request.param == "noble":
            page.add_init_script(WITHOUT)
        page.goto(origin)
        yield page
        browser.close()


def test_sealing_a_flag_and_an_empty_contact(page: Page, request: pytest.FixtureRequest) -> None:
    whose = {"own": "its own curves", "noble": "noble’s curves"}[request.node.callspec.params["page"]]
    taken = page.evaluate("times => globalThis.sealing.measured(times)", ROUNDS)
    for name, what in (("seal", "Seal a flag and an empty contact for three guardians and the reporter"),
                       ("receipt", "Make a receipt and derive its keys")):  # fmt: skip
        first, warm = taken[name][0], sorted(taken[name][WARM:])
        print(f"\n{what}, in Chromium with {whose}: {median(warm):.0f} ms (first {first:.0f}, slowest {warm[-1]:.0f})")
    assert median(taken["seal"][WARM:]) < 100


def test_weight_of_the_sealing_scripts(tmp_path: Path) -> None:
    entry = tmp_path / "entry.js"
    entry.write_text("\n".join(f'export * as {name} from "{SEALING / name}.js";' for name in MODULES))
    built = bundle(entry, tmp_path / "built.js").read_text(encoding="utf-8")
    wordless = built.replace(" ".join(WORDLIST), "").replace(" ".join(sorted(FRIGHTENING)), "")
    whole, code = (len(gzip.compress(text.encode(), 9)) / 1000 for text in (built, wordless))
    apart = bundle(SEALING / "curves_noble.js", tmp_path / "curves_noble.js").read_bytes()
    later = len(gzip.compress(apart, 9)) / 1000
    print(f"\nSealing, receipt, chain and signing: {code:.1f} kB compressed, the words {whole - code:.1f} kB more")
    print(f"Curves for a browser that has none: {later:.1f} kB")
    assert code < BUDGET
    assert later < FALLBACK
