"""What guardians type is in no byte of the stores (the desk's part of invariant S1), and links nothing in clear."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, inspect, text

from concerns.triage import service
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.telling import collect_now, tell

REPLY = "Wir haben am Montag eine dritte Pflegekraft bestellt, danke für Ihren Hinweis."
NOTE = "Dieselbe Station wie im Frühjahr; bitte mit dem Rota-Team sprechen."
REASON = "Die Besetzung wurde vor dem Hinweis schon geändert."
FLAG = "Nachts sind wir zu zweit für dreißig Betten, niemand hört die Klingel."


def runs(words: str) -> list[bytes]:
    """Every run of eight bytes of a text."""
    data = words.encode()
    return [data[start : start + 8] for start in range(len(data) - 7)]


def stored(instance: Instance) -> Iterator[bytes]:
    """All bytes that the stores hold: files with their logs, or every column of every table."""
    files = [path for path in instance.directory.rglob("*") if path.is_file()]
    for path in files:
        yield path.read_bytes()
    for engine in (instance.stores.main, instance.stores.live):
        yield from _columns(engine)


def _columns(engine: Engine) -> Iterator[bytes]:
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    yield bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def found(instance: Instance, *texts: str) -> list[bytes]:
    wanted = [run for words in texts for run in runs(words)]
    return [run for data in stored(instance) for run in wanted if run in data]


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def test_s1_no_run_of_what_guardians_type_is_stored(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    told = tell(instance, FLAG)
    page = gita.client.get(told.path)
    data = {"status": "concluded: not acted", "reason": REASON, "reply": REPLY, "note": NOTE}

    def broken(*_args: object) -> bool:
        raise OSError(REPLY)

    with monkeypatch.context() as patch:
        patch.setattr(service, "deliver", broken)
        page = gita.client.submit(page, data, button="Save", status=503)
    for _collected in range(2):
        gita.client.submit(page, data, button="Save")
        assert not found(instance, FLAG, REPLY, NOTE, REASON, "not acted", "concluded")
        collect_now(instance)
    logged = capfd.readouterr()
    assert not [run for run in runs(REPLY) if run.decode(errors="ignore") in logged.err + logged.out]


def test_the_search_would_find_what_is_there(instance: Instance) -> None:
    """To test that something does not leak, make sure that something could."""
    assert found(instance, "Wendle Vale Trust")


def test_s1_a_sorted_flag_looks_the_same_whatever_was_decided(gita: Desk, instance: Instance) -> None:
    one, other = tell(instance), tell(instance)
    gita.client.submit(gita.client.get(one.path), {"primary": "N01", "status": "assessing"}, button="Save")
    gita.client.submit(
        gita.client.get(other.path),
        {"primary": "N05", "status": "needs more", "harm": "fatal", "consequence": "5", "likelihood": "5"},
        button="Save",
    )
    collect_now(instance)
    shapes = [
        sorted((row.header.kind, len(row.body), sorted(map(len, row.wraps.values()))) for row in told.rows())
        for told in (one, other)
    ]
    assert shapes[0] == shapes[1]
