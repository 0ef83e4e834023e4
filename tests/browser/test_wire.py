"""S2 and S6: what leaves the device holds no word and no receipt, and its size says nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from concerns.flagging.codes import make_codes, shown
from concerns.sealing.receipt import derive, digits_of, read_receipt
from tests.browser.pages.report import ReportDoor
from tests.cast import Instance

pytestmark = pytest.mark.browser

RUN = 8
TEXT = "Quokkas juggle zinc bathtubs behind the xylophone cupboard – naïvely."
HELP = "Buzzing kiwis will jovially waltz with every hexapod."
HOW = "Whistle twice below the purple balcony."
ADDED = "Yesterday seventeen walruses vexed the quiet plumber again."


def runs(said: str | bytes) -> set[bytes]:
    """Every run of eight bytes."""
    data = said.encode() if isinstance(said, str) else said
    return {data[start : start + RUN] for start in range(len(data) - RUN + 1)}


@dataclass
class Wire:
    """Everything that one tab sent: address, headers and body of each request."""

    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        context.on("request", self.hear)

    def hear(self, request: Request) -> None:
        head = request.url + "\n" + "\n".join(f"{name}: {value}" for name, value in request.headers.items())
        self.sent.append((f"{request.method} {request.url}", head.encode() + b"\n" + (request.post_data_buffer or b"")))

    def found(self, needles: set[bytes]) -> list[tuple[str, bytes]]:
        return [(what, needle) for what, whole in self.sent for needle in needles if needle in whole]

    def bodies(self, path: str) -> list[int]:
        return [len(whole) for what, whole in self.sent if what.startswith("POST") and what.endswith(path)]


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[..., tuple[Page, Wire]]]:
    contexts = []

    def open_one(script: bool = True) -> tuple[Page, Wire]:
        context, wire = browser.new_context(java_script_enabled=script), Wire()
        contexts.append(context)
        wire.listen(context)
        return context.new_page(), wire

    yield open_one
    for context in contexts:
        context.close()


def fill_in(door: ReportDoor) -> None:
    door.go("/tell")
    door.ready()
    door.write("text", TEXT)
    door.press("check")
    door.write("help", HELP)
    for _part in range(4):
        door.press("check")
    door.open("#how")
    door.choose("wish", "meet")
    door.write("how", HOW)
    door.press("check")


def test_s2_no_word_leaves_the_device(
    spoken_door: str, rehearsal: Instance, tab: Callable[..., tuple[Page, Wire]]
) -> None:
    page, wire = tab()
    door = ReportDoor(page, spoken_door, rehearsal)
    door.go("/tell")
    door.ready()
    before = {run for _what, whole in wire.sent for run in runs(whole)}
    fill_in(door)
    door.press("send")
    words = " ".join(door.words)
    door.go("/return")
    door.ready()
    door.come_back(words)
    door.page.locator("#thread:visible").wait_for()
    door.write("text", ADDED)
    door.press("add")
    door.page.locator(".concerns-sent:visible").wait_for()

    entropy = read_receipt(words)
    keys = derive(entropy, rehearsal.site_id)
    secret = {run for said in (TEXT, HELP, HOW, ADDED, words, digits_of(entropy)) for run in runs(said)}
    secret |= {run for key in (entropy, keys.kem_seed, keys.sign_seed) for run in runs(key)}
    assert len(wire.bodies("/device/tell")) == 1 and len(wire.bodies("/device/add")) == 1
    # “platform” may be among the nine words, and stands in a header of every request, as it did before any was drawn
    assert wire.found(secret - before) == []


def test_s2_the_search_finds_what_a_form_without_script_sends(
    report_door: str, rehearsal: Instance, tab: Callable[..., tuple[Page, Wire]]
) -> None:
    page, wire = tab(script=False)
    door = ReportDoor(page, report_door, rehearsal)
    door.go("/tell")
    door.write("text", TEXT.replace(" ", ""))
    door.press("check")
    door.page.locator("button[value=send]").wait_for()
    assert wire.found(runs("Quokkasjuggle"))


THROWING = {
    "the body's cipher": "crypto.subtle.encrypt = () => Promise.reject(new Error('no'))",
    "the receipt's stretching": "crypto.subtle.deriveBits = () => Promise.reject(new Error('no'))",
    "chance": "crypto.getRandomValues = () => { throw new Error('no') }",
    "every import of a key": "crypto.subtle.importKey = () => Promise.reject(new Error('no'))",
}


@pytest.mark.parametrize("fault", THROWING.values(), ids=THROWING.keys())
def test_s2_when_the_crypto_throws_nothing_leaves_and_the_page_says_so(
    report_door: str, rehearsal: Instance, tab: Callable[..., tuple[Page, Wire]], fault: str
) -> None:
    page, wire = tab()
    door = ReportDoor(page, report_door, rehearsal)
    fill_in(door)
    page.evaluate(f"() => {{ {fault} }}")
    door.press("send")
    page.locator("#seal-trouble:visible").wait_for()
    assert "so nothing is sent" in page.locator("#seal-trouble").inner_text()
    assert TEXT in page.locator("[data-show=text]").inner_text(), "the text is still on the page"
    assert wire.bodies("/device/tell") == wire.bodies("/tell") == []
    assert wire.found(runs(TEXT) | runs(HELP) | runs(HOW)) == []


def test_s2_a_script_that_never_came_lets_nothing_through(
    report_door: str, rehearsal: Instance, tab: Callable[..., tuple[Page, Wire]]
) -> None:
    page, wire = tab()
    page.route("**/static/tell-*.js", lambda route: route.abort())
    door = ReportDoor(page, report_door, rehearsal)
    door.go("/tell")
    door.write("text", TEXT)
    door.press("check")
    page.locator("#seal-trouble:visible").wait_for()
    page.evaluate("document.querySelector('form[data-seal]').submit()")  # not even by a script that knows no guard
    page.wait_for_timeout(300)
    assert wire.bodies("/tell") == []
    assert wire.found(runs(TEXT)) == []
    assert page.locator("#text").input_value() == TEXT
    # whoever wants it all the same is told what it means, and chooses
    page.locator("[data-trouble-plain] a").click()
    page.locator("h1").wait_for()
    assert page.url.endswith("?sealed-by=server")
    assert "sealed by our server" in " ".join(page.locator("main").inner_text().split())
    door.write("text", "It is not safe.")
    rehearsal.clock.pass_(seconds=61)
    door.press("check")
    door.press("send")
    assert len(door.words) == 9


def test_s2_a_browser_without_web_crypto_is_told_before_anything_is_written(
    report_door: str, rehearsal: Instance, tab: Callable[..., tuple[Page, Wire]]
) -> None:
    page, _wire = tab()
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    ReportDoor(page, report_door, rehearsal).go("/tell")
    page.locator("#seal-trouble:visible").wait_for()
    assert "This browser cannot seal your text" in page.locator("#seal-trouble").inner_text()
    assert page.locator("[data-trouble-plain]:visible").count() == 1


def test_s6_all_concerns_are_the_same_size_on_the_wire(
    three_door: str, three_readers: Instance, tab: Callable[..., tuple[Page, Wire]]
) -> None:
    """Five characters, three thousand, one that keeps a reader out and says how to be reached, and one with a code."""
    page, wire = tab()
    door = ReportDoor(page, three_door, three_readers)
    (code,) = make_codes(three_readers.stores, 1)
    for text, kept_out, with_code in (
        ("Help!", False, False),
        ("x" * 3000, False, False),
        ("Help!", True, False),
        ("Help!", False, True),
    ):
        door.go("/tell")
        door.ready()
        door.write("text", text)
        door.press("check")
        if kept_out or with_code:
            for _part in range(4):
                door.press("check")
        if with_code:
            door.open("#code")
            door.write("code", shown(code).lower())
        if kept_out:
            page.get_by_label("Gus", exact=True).check()
            door.open("#how")
            door.choose("wish", "reach")
            door.write("how", HOW)
        page.get_by_role("button", name="Send now, skip the rest").click()
        door.press("send")
        assert len(door.words) == 9
    sizes = wire.bodies("/device/tell")
    assert len(sizes) == 4
    assert len(set(sizes)) == 1, sizes


def test_s17_nothing_on_the_whole_way_breaks_the_policy(
    spoken_door: str, rehearsal: Instance, tab: Callable[..., tuple[Page, Wire]]
) -> None:
    page, _wire = tab()
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => { (window.broken ??= []).push(event.violatedDirective) })"
    )
    door = ReportDoor(page, spoken_door, rehearsal)
    fill_in(door)
    door.press("send")
    words = " ".join(door.words)
    assert page.evaluate("window.broken ?? []") == []
    door.go("/return")
    door.ready()
    door.come_back(words)
    page.locator("#thread:visible").wait_for()
    assert page.evaluate("window.broken ?? []") == []
    # and it would have been heard, a moment after it was done
    heard = page.evaluate(
        """() => new Promise((tell) => {
            addEventListener('securitypolicyviolation', () => tell(window.broken));
            document.body.setAttribute('style', 'color: red');
        })"""
    )
    assert heard == ["style-src-attr"]
