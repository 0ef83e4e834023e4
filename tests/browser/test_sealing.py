"""The browser’s half of sealing, in Chromium under the real policy: each side opens what the other sealed."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import altcha
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Error, Page

from concerns.pages.headers import POLICY
from concerns.sealing import chain, keys, receipt, signing
from concerns.sealing.envelope import (
    SIZES,
    TAG_BYTES,
    WRAP_BYTES,
    Header,
    Kind,
    NotForThisKey,
    open_sealed,
    seal,
    signed_by,
)
from concerns.sealing.text import canonical, from_text, to_text
from concerns.sealing.wire import BadEnvelope, from_wire, to_wire
from tests.sealing.helpers import SITE, Told
from tests.vectors.bundle import SEALING
from tests.vectors.make_vectors import sealed_of
from tests.vectors.page import sealing_page
from tests.vectors.test_vectors import ENVELOPES, GUARDIANS, OFFICIAL, VECTORS

pytestmark = pytest.mark.browser
TEXT = 'Zażółć gęślą jaźń – “quoted” 🙂 e\u0301 \u2028 \\ " / \t'
Ask = Callable[..., Any]
WITHOUT = """{
  const real = crypto.subtle.importKey;
  crypto.subtle.importKey = function (format, key, algorithm, ...more) {
    const lacking = /^(X25519|Ed25519)$/.test(algorithm.name ?? algorithm);
    return lacking ? Promise.reject(new DOMException("", "NotSupportedError")) : real.call(this, format, key, algorithm, ...more);
  };
}"""
#: Browsers whose curves are not to be trusted: what they answer when asked.
UNSOUND = {
    "no Ed25519": WITHOUT.replace("X25519|", ""),
    "no public half": "crypto.subtle.exportKey = () => Promise.reject(new TypeError());",
    "a false product": """{
  const real = crypto.subtle.deriveBits;
  crypto.subtle.deriveBits = async function (options, key, bits) {
    return options.name === "X25519" ? new Uint8Array(32).fill(9).buffer : real.call(this, options, key, bits);
  };
}""",
    "a false signature": """{
  const real = crypto.subtle.sign;
  crypto.subtle.sign = async function (algorithm, key, message) {
    return algorithm === "Ed25519" ? new ArrayBuffer(64) : real.call(this, algorithm, key, message);
  };
}""",
    "no signature holds": "crypto.subtle.verify = async () => false;",
    "every signature holds": "crypto.subtle.verify = async () => true;",
    "signatures are multiplied by eight": """{
  const real = crypto.subtle.verify;
  crypto.subtle.verify = async function (algorithm, key, signature, message) {
    return message.every((byte) => byte === 7) || real.call(this, algorithm, key, signature, message);
  };
}""",
}
#: Every y that a point of small order has; the last three are the first ones again, or the highest, beyond the field.
SMALL = [
    *(number.to_bytes(32, "little") for number in (0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18)),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
]
SMALL = [point[:31] + bytes([point[31] | sign]) for point in SMALL for sign in (0, 128)]
#: A key and a signature over 32 sevens that hold only where both sides of the equation are multiplied by eight.
EIGHTFOLD = from_text(
    "powJvGMnowRgsKGeQMy0E6FmQT7nTezw-qFleXueUJFp6vzQ9Xu2HxPE5y55w-FTTwqe_b-mHmY7wy7q7WTKUFe5sK4kNdVxGfn4IP8W1RmhPG8wwCsoNR5sqXk5BHoM"
)
both_roads = pytest.mark.parametrize("road", ["own", "noble"], indirect=True)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sealing_page(tmp_path_factory.mktemp("sealing")) as address:
        yield address


@pytest.fixture
def road(request: pytest.FixtureRequest) -> str:
    """Whose curves: the browser’s own, or noble’s where it has none."""
    return str(getattr(request, "param", "own"))


@pytest.fixture
def page(origin: str, open_page: Callable[..., Page], road: str) -> Page:
    page = open_page(script=True)
    fetched: list[str] = []
    page.on("request", lambda asked: fetched.append(asked.url))
    if road != "own":
        page.add_init_script(UNSOUND.get(road, WITHOUT))
    answer = page.goto(origin)
    assert answer is not None
    assert answer.header_value("Content-Security-Policy") == POLICY
    assert f"{origin}/curves_noble.js" not in fetched
    page.evaluate("() => globalThis.sealing.ready()")
    assert (f"{origin}/curves_noble.js" in fetched) == (road != "own")
    return page


@pytest.fixture
def ask(page: Page) -> Ask:
    """Calls one of the functions in tests/vectors/browser.js."""

    def call(name: str, *values: object) -> Any:
        return page.evaluate("([name, values]) => globalThis.sealing[name](...values)", [name, list(values)])

    return call


@both_roads
def test_s4_the_browser_opens_every_vector(ask: Ask) -> None:
    wires = [to_wire(sealed_of(VECTORS, vector)) for vector in ENVELOPES.values()]
    for place, seed in enumerate([*GUARDIANS, from_text(VECTORS["receipt"]["kem_seed"])]):
        answers = ask("opened", wires, to_text(seed))
        for vector, answer in zip(ENVELOPES.values(), answers, strict=True):
            if place in vector["refused_to_guardians"]:
                assert answer == {"refused": "NotForThisKey"}
            else:
                answer["payload"].pop("sig", None)
                assert answer["payload"] == vector["payload"]
    assert {answer["refused"] for answer in ask("opened", wires, to_text(keys.new_seed()))} == {"NotForThisKey"}


@pytest.mark.parametrize("kind", list(Kind))
def test_s4_python_opens_what_the_browser_sealed(ask: Ask, kind: Kind) -> None:
    told = Told()
    payload = {"text": TEXT, "list": [1, None, True, {"é": []}], "n": 0, "prev": None, "seen": None}
    excluded = to_text(keys.kid_of(told.publics[2]))
    wire = ask(
        "sealed",
        {
            "kind": int(kind), "site": to_text(SITE), "thread": to_text(told.thread_id), "payload": payload,
            "recipients": [to_text(public) for public in (*told.publics, told.reporter)],
            "signSeed": to_text(told.signers[0]), "excluded": [excluded],
        },
    )  # fmt: skip
    sealed = from_wire(wire, site_id=SITE, kinds=[kind])
    assert list(sealed.wraps) == [keys.kid_of(public) for public in (*told.publics, told.reporter)]
    for seed in (*told.guardians[:2], told.receipt.kem_seed):
        opened = open_sealed(sealed, seed)
        assert signed_by(sealed, opened, told.sign_publics[0])
        assert not signed_by(sealed, opened, told.sign_publics[1])
        del opened["sig"]
        assert opened == payload
    with pytest.raises(NotForThisKey):
        open_sealed(sealed, told.guardians[2])
    assert ask("again", wire) == wire == to_wire(sealed)


@pytest.mark.parametrize("kind", list(Kind))
def test_s4_the_browser_opens_what_python_sealed(ask: Ask, kind: Kind) -> None:
    told = Told()
    payload = {"text": TEXT, "number": 0.00001, "\U0001f642": 1, "\uffff": 2, "10": 3, "9": [{}]}
    excluded = frozenset({keys.kid_of(told.publics[2])})
    sealed = told.seal(kind, payload, told.signers[0], excluded=excluded)
    for seed in (*told.guardians[:2], told.receipt.kem_seed):
        (answer,) = ask("opened", [to_wire(sealed)], to_text(seed))
        assert answer["payload"].pop("sig")
        assert answer["payload"] == payload
    assert ask("opened", [to_wire(sealed)], to_text(told.guardians[2])) == [{"refused": "NotForThisKey"}]
    signers = [to_text(public) for public in told.sign_publics]
    assert ask("signedBy", to_wire(sealed), to_text(told.guardians[0]), signers) == [True, False, False]


@both_roads
def test_s4_the_official_vectors_hold_in_the_browser(ask: Ask) -> None:
    found = ask("official", OFFICIAL)
    assert found["kems"] == [{**vector, "ss2": vector["ss"]} for vector in OFFICIAL["x_wing"]]
    assert found["hpke"] == {name: OFFICIAL["hpke_pq"][name] for name in found["hpke"]}


@both_roads
def test_s4_the_kem_is_byte_for_byte_the_one_that_noble_composes(ask: Ask) -> None:
    for ours, theirs in ask("composed", 20):
        assert ours == theirs
        assert ours[2] == ours[3] != ours[4]


@both_roads
def test_nothing_is_shared_with_a_half_of_small_order(ask: Ask) -> None:
    """One u of a point of order eight stands for all: RFC 7748 has the zero that comes out refused."""
    eight = "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
    small = [number.to_bytes(32, "little") for number in (0, 1, 2**255 - 20, 2**255 - 19)] + [bytes.fromhex(eight)]
    assert ask("shared", to_text(keys.new_seed()), [to_text(half) for half in small]) == [None] * len(small)


@pytest.mark.parametrize("road", UNSOUND, indirect=True)
def test_a_browser_with_unsound_curves_takes_the_other_road(ask: Ask) -> None:
    told = Told()
    wire = ask(
        "sealed",
        {
            "kind": int(Kind.DETAIL), "site": to_text(SITE), "thread": to_text(told.thread_id), "payload": {"text": TEXT},
            "recipients": [to_text(told.reporter)], "signSeed": to_text(told.signers[0]), "excluded": [],
        },
    )  # fmt: skip
    sealed = from_wire(wire, site_id=SITE, kinds=[Kind.DETAIL])
    opened = open_sealed(sealed, told.receipt.kem_seed)
    assert opened["text"] == TEXT
    assert signed_by(sealed, opened, told.sign_publics[0])
    signers = [to_text(public) for public in told.sign_publics]
    assert ask("signedBy", wire, to_text(told.receipt.kem_seed), signers) == [True, False, False]


def test_curves_that_do_not_come_are_an_error_and_never_a_verdict(origin: str, open_page: Callable[..., Page]) -> None:
    page = open_page(script=True)
    page.add_init_script(WITHOUT)
    page.route("**/curves_noble.js", lambda route: route.fulfill(body="throw 0", content_type="text/javascript"))
    page.goto(origin)
    for call in ("ready()", f"verified({json.dumps(VECTORS['signatures'][:1])})"):
        with pytest.raises(Error):
            page.evaluate(f"() => globalThis.sealing.{call}")


@both_roads
def test_s4_each_side_opens_the_bare_hpke_of_the_other(ask: Ask) -> None:
    seed, plain, info = keys.new_seed(), secrets.token_bytes(50), secrets.token_bytes(70)
    holder = keys.Holder(seed)
    theirs = from_text(ask("hpkeSealed", *(to_text(one) for one in (holder.public, plain, info))))
    assert keys.SUITE.decrypt(theirs, holder.private, info) == plain
    ours = keys.SUITE.encrypt(plain, keys.public_key(holder.public), info)
    assert from_text(ask("hpkeOpened", *(to_text(one) for one in (seed, ours, info)))) == plain


def test_receipts_yield_the_same_words_digits_and_keys(ask: Ask) -> None:
    fresh = [{"site": to_text(SITE), "entropy": to_text(receipt.new_entropy())} for _ in range(5)]
    for own in (*VECTORS["receipts"], *fresh):
        (found,) = ask("receipts", [own])
        derived = receipt.derive(from_text(own["entropy"]), from_text(own["site"]))
        assert found.pop("hash") == to_text(derived.lookup_hash)
        assert found["words"] == list(receipt.words_of(from_text(own["entropy"])))
        assert (found["lookup"], found["sign_seed"]) == (to_text(derived.lookup), to_text(derived.sign_seed))
        assert found == {**found, **own}


def test_what_is_typed_is_read_as_on_the_server(ask: Ask) -> None:
    found = ask("typed", [stored["typed"] for stored in VECTORS["typed"]])
    for stored, read in zip(VECTORS["typed"], found, strict=True):
        if stored["entropy"] is not None:
            assert read == {"entropy": stored["entropy"], "whole": True}
        elif "whole" in read:  # nine words of the list, or 28 digits, with a wrong check: looked up in vain
            assert not read["whole"] and not stored["unknown"] and len(from_text(read["entropy"])) == 10
            assert stored["count"] == receipt.WORDS or len(stored["typed"]) == receipt.DIGITS
        else:
            assert read == {"unknown": stored["unknown"], "count": stored["count"]}


def test_no_receipt_of_the_browser_holds_a_frightening_word(ask: Ask) -> None:
    for words in ask("newReceipts", 300):
        assert not receipt.FRIGHTENING & set(words)
        assert receipt.read_receipt(" ".join(words))


@both_roads
def test_s8_chains_are_judged_as_on_the_server(ask: Ask) -> None:
    guardian, reporter = (
        to_text(signing.sign_public(from_text(seed)))
        for seed in (VECTORS["sign_seed"], VECTORS["receipt"]["sign_seed"])
    )
    for case in VECTORS["chains"]:
        known = {name: sealed_of(VECTORS, ENVELOPES[name]) for name in {*case["opened"], *case["rows"]}}
        wires, rows = ([to_wire(known[name]) for name in case[part]] for part in ("opened", "rows"))
        found = ask("judged", wires, rows, VECTORS["guardians"][0], [guardian], reporter)
        standings = [[chain.link_hash(known[name]), standing] for name, standing in case["standings"]]
        assert found == [{"standings": standings, "gap": case["gap"]}] * 2


def test_the_next_link_is_the_one_that_the_server_would_write(ask: Ask) -> None:
    known = {name: sealed_of(VECTORS, ENVELOPES[name]) for name in ("second reply", "signed reply", "flag")}
    own = [known["second reply"], known["signed reply"]]
    for mine, newest in ((own, known["flag"]), ([], None)):
        pairs = [(sealed, open_sealed(sealed, GUARDIANS[0])) for sealed in mine]
        wires, other = [to_wire(sealed) for sealed in mine], to_wire(newest) if newest else None
        assert ask("nextLink", wires, other, VECTORS["guardians"][0]) == chain.next_link(pairs, newest)


def test_envelopes_stand_in_the_order_of_the_server(ask: Ask) -> None:
    cases: list[list[tuple[str, list[str], tuple[str, int]]]] = [[]]
    names = st.sampled_from("abcdef")
    links = st.lists(
        st.tuples(names, st.lists(names, max_size=3), st.tuples(st.sampled_from(["1", "2"]), st.integers(0, 3)))
    )

    @settings(max_examples=150, database=None)
    @given(links)
    def collect(drawn: list[tuple[str, list[str], tuple[str, int]]]) -> None:
        cases.append(drawn)

    collect()
    asked = [[{"own": own, "before": before, "rank": rank} for own, before, rank in case] for case in cases]
    assert ask("ordered", asked) == [chain.in_order(case) for case in cases]


@both_roads
def test_signatures_are_judged_as_on_the_server(ask: Ask) -> None:
    assert ask("verified", VECTORS["signatures"]) == [case["valid"] for case in VECTORS["signatures"]]
    seed, message = keys.new_seed(), secrets.token_bytes(100)
    expected = {"public": to_text(signing.sign_public(seed)), "signature": to_text(signing.sign(seed, message))}
    assert ask("signed", to_text(seed), to_text(message)) == expected


@both_roads
def test_a_key_that_would_sign_anything_for_everybody_proves_nothing(ask: Ask) -> None:
    """Points of small order: the server’s library takes them. Only their own holder could put one into a flag, and gains nothing."""
    cases = [
        {"public": to_text(key), "message": to_text(b"anything"), "signature": to_text(point + bytes(32))}
        for key in SMALL
        for point in SMALL
    ]
    assert any(signing.verify(key, b"anything", point + bytes(32)) for key in SMALL for point in SMALL)
    assert ask("verified", cases) == [False] * len(cases)


@both_roads
def test_a_signature_that_holds_only_eightfold_is_refused_as_on_the_server(ask: Ask) -> None:
    public, signature, message = EIGHTFOLD[:32], EIGHTFOLD[32:], b"\x07" * 32
    one = {"public": to_text(public), "message": to_text(message), "signature": to_text(signature)}
    assert ask("verified", [one]) == [signing.verify(public, message, signature)] == [False]
    assert to_text(EIGHTFOLD) in (SEALING / "curves.js").read_text(encoding="utf-8")


def test_equal_values_give_equal_bytes_on_both_sides(ask: Ask) -> None:
    samples = [sample["json"] for sample in VECTORS["canonical"]["samples"]]
    assert ask("canonical", samples) == [sample["bytes"] for sample in VECTORS["canonical"]["samples"]]
    assert ask("canonical", VECTORS["canonical"]["refused"]) == [None] * len(VECTORS["canonical"]["refused"])
    assert ask("uncanonical") == [True] * 9
    drawn: list[str] = []
    numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e6, 1e6).filter(lambda one: not one.is_integer())
    leaves = st.none() | st.booleans() | numbers | st.text()
    values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)

    @settings(max_examples=300, database=None)
    @given(values)
    def collect(value: object) -> None:
        drawn.append(json.dumps(value))

    collect()
    assert ask("canonical", drawn) == [to_text(canonical(json.loads(text))) for text in drawn]


def test_base64url_is_taken_in_one_writing_only(ask: Ask) -> None:
    good = ["", "AA", "AAA", "AAAA", "-_-_", to_text(secrets.token_bytes(9000))]
    bad = ["A", "AB", "AAB", "AA==", "AA\n", " AA", "++++", "////", "é", "AA=", "AAAAA", "A\x00AA"]
    assert ask("fromText", [*good, *bad]) == [True] * len(good) + [False] * len(bad)
    for text in bad:
        with pytest.raises(ValueError, match="base64url"):
            from_text(text)


@both_roads
def test_s5_whatever_is_changed_is_refused_by_the_browser(ask: Ask) -> None:
    answers = ask("changed")
    assert answers.pop("untouched") == [{"payload": {"text": "as it was"}}]
    assert len(answers) == 9
    for what, refusals in answers.items():
        assert {refusal.get("refused") for refusal in refusals} <= {"Tampered", "NotForThisKey"}, what


@pytest.mark.parametrize("kind", list(Kind))
def test_s6_bodies_of_the_browser_have_the_fixed_lengths_of_their_kind(ask: Ask, kind: Kind) -> None:
    """`{"t":""}` has eight bytes and the length four: each size is filled to the last byte, and then one more."""
    edges = [size - 12 + more for size in SIZES[kind] for more in (0, 1)]
    counts = [0, 1, 700, *edges]
    header = Header(kind, SITE, bytes(16), bytes(16))
    expected: list[list[int] | None] = []
    public = keys.kem_public(keys.new_seed())
    for count in counts:
        fits = count <= max(SIZES[kind]) - 12
        expected.append([len(seal(header, {"t": "x" * count}, [public]).body), WRAP_BYTES] if fits else None)
    assert ask("sizes", int(kind), counts) == expected
    assert {found[0] for found in expected if found} == {size + TAG_BYTES for size in SIZES[kind]}


def test_s7_a_wrap_of_the_browser_for_the_excluded_looks_like_any_other(ask: Ask) -> None:
    found = ask("excluded")
    assert found == {
        "lengths": [WRAP_BYTES] * 2,
        "first": {"payload": {"t": 1}},
        "second": {"refused": "NotForThisKey"},
    }


def test_the_browser_refuses_the_same_json_for_the_same_reason(ask: Ask) -> None:
    wire = to_wire(Told().flag)
    values: list[Any] = [
        wire, None, [], "text", {}, {**wire, "v": 2}, {**wire, "suite": "1"}, {**wire, "kind": 2}, {**wire, "kind": 9},
        {**wire, "kind": "1"}, {**wire, "kind": True}, {**wire, "more": 1}, {key: wire[key] for key in wire if key != "body"},
        {**wire, "site": to_text(bytes(16))}, {**wire, "thread": "AA"}, {**wire, "id": 7}, {**wire, "commit": "A"},
        {**wire, "body": wire["body"] + "A"}, {**wire, "body": ""}, {**wire, "wraps": []}, {**wire, "wraps": {"AA": "AA"}},
        {**wire, "wraps": dict.fromkeys(wire["wraps"], "AA")}, {**wire, "wraps": {str(n): "" for n in range(65)}},
    ]  # fmt: skip
    expected: list[str | None] = []
    for value in values:
        try:
            from_wire(value, site_id=SITE, kinds=[Kind.FLAG])
        except BadEnvelope as bad:
            expected.append(bad.why)
        else:
            expected.append(None)
    assert ask("refusedWires", values, to_text(SITE)) == expected
    assert {*expected} == {None, "old", "foreign", "kind", "size", "shape"}


def test_the_worker_finds_what_the_server_verifies(ask: Ask) -> None:
    challenge = altcha.create_challenge(
        "PBKDF2/SHA-256", cost=200, key_prefix="0", hmac_secret="a secret of the server"
    )
    solution = ask("worked", challenge.parameters.to_dict())
    payload = altcha.Payload(challenge, altcha.Solution(solution["counter"], solution["derivedKey"]))
    assert altcha.verify_solution(payload, "a secret of the server").verified
    assert ask("worked", {**challenge.parameters.to_dict(), "algorithm": "SCRYPT"}) == {"failed": True}
