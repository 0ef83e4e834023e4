"""S1 and S10 at this door: nothing readable is left behind, and no visit can be told from another."""

import gc
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from concerns.flagging import service
from concerns.sealing.collecting import collect
from concerns.sealing.receipt import derive, digits_of, read_receipt
from concerns.triage.bundles import Work
from concerns.triage.rules import Step
from tests.cast import Instance
from tests.flagging.conftest import Rosa, answer, words_on

TOLD = "Quokkas juggle zinc bathtubs behind the xylophone cupboard – “naïvely”."
ADDED = "Yesterday seventeen walruses vexed the quiet plumber again."
CAUSE = "Eleven grumpy ostriches overbooked the tiny jacuzzi."
HELP = "Swap every wobbly hammock for velvet zeppelins."
HOW = "Knock quietly upon the mauve gazebo at dusk."
REPLIED = "Buzzing kiwis will jovially waltz with every hexapod tomorrow."
RUN = 8


def runs(said: bytes) -> set[bytes]:
    """Every run of eight bytes."""
    return {said[start : start + RUN] for start in range(len(said) - RUN + 1)}


def everything_stored(instance: Instance) -> Iterator[bytes]:
    """All bytes at rest: files with journals and logs as they are, and every column where a server keeps the rows."""
    for path in instance.directory.rglob("*"):
        if path.is_file():
            yield path.read_bytes()
    for engine in (instance.stores.main, instance.stores.live):
        with engine.connect() as connection:
            for table in inspect(engine).get_table_names():
                for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                    yield b"\n".join(_as_bytes(value) for value in row)


def _as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def found(needles: Iterable[bytes], haystacks: Iterable[bytes]) -> set[bytes]:
    wanted = set(needles)
    return {needle for haystack in haystacks for needle in wanted if needle in haystack}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_s1_no_word_is_left_in_any_byte(
    rosa: Rosa,
    instance: Instance,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = list(everything_stored(instance))

    more = {"cause": CAUSE, "help": HELP, "wish": "meet", "how": HOW}
    check = rosa.check(TOLD, area="theatres", worry="not at all", consent="tell", **more)

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError(TOLD)

    with monkeypatch.context() as broken:
        broken.setattr(service, "deliver", fail)
        check = rosa.send(check, status=503)
    words = words_on(rosa.send(check))
    answer(instance, words, Work(Step("needs more"), primary="N01", area="theatres", reply=REPLIED, note=REPLIED))
    rosa.add(rosa.open(words), ADDED)

    entropy = read_receipt(words)
    keys = derive(entropy, instance.site_id)
    secret = [TOLD, CAUSE, HELP, HOW, ADDED, REPLIED, words, digits_of(entropy)]
    needles = {run for said in secret for run in runs(said.encode())}
    needles |= {run for key in (entropy, keys.lookup, keys.kem_seed, keys.sign_seed) for run in runs(key)}
    needles -= found(needles, before)  # "academic" may be a word of the receipt and of a published answer
    assert len(needles) > 300
    assert found(needles, [b"..." + ADDED.encode()]), "the search itself must work"

    assert not found(needles, everything_stored(instance))
    collect(instance.stores, instance.clock().date(), 12)
    assert not found(needles, everything_stored(instance))
    assert not list(temporary.rglob("*"))
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_s1_nothing_outside_an_envelope_links_a_thread_to_what_it_is_about(rosa: Rosa, instance: Instance) -> None:
    """Two threads that differ in everything differ, outside their envelopes, in random bytes alone."""
    first = rosa.tell(TOLD, area="theatres", worry="not at all", consent="count", danger="yes")
    rosa.tell("a", area="ward-1", worry="very", consent="ask")
    answer(instance, first, Work(Step("concluded", "acted"), primary="N01", area="theatres", reason="Because."))
    with instance.stores.live.connect() as live:
        rows = live.execute(text("SELECT kind, tier, length(body), length(wraps) FROM arrival")).all()
    flags = [tuple(row) for row in rows if row.kind == 1]
    assert len(flags) == 2
    assert flags[0] == flags[1]
    collect(instance.stores, instance.clock().date(), 12)
    with instance.stores.main.connect() as main:
        threads = [tuple(row) for row in main.execute(text("SELECT week, tier, purge_week FROM thread"))]
    assert threads[0] == threads[1]


def test_a_failed_request_leaves_no_word_in_memory(rosa: Rosa, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects of ours, that is: what the allocator has not yet overwritten is for the server's settings."""
    check = rosa.check(TOLD)

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(service, "deliver", fail)
        rosa.send(check, status=503)
    gc.collect()
    kept = [item for item in gc.get_objects() if isinstance(item, service.Told) and item.text == TOLD]
    assert not kept


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_s10_no_answer_sets_a_cookie(rosa: Rosa, instance: Instance, method: str) -> None:
    app = instance.report_app
    assert app.secret_key is None
    client = app.test_client()
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and not rule.arguments]
    assert rules
    for path in [*(rule.rule for rule in rules), "/nowhere"]:
        for site in ("same-origin", "cross-site"):
            response = client.open(path, method=method, data={"text": TOLD}, headers={"Sec-Fetch-Site": site})
            assert "Set-Cookie" not in response.headers
            assert "cookie" not in response.headers.get("Vary", "").lower()
            assert "Content-Security-Policy" in response.headers
