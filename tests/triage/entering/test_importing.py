"""Imports: sealed like any other flag, sorted by the importing guardian, all rows or none."""

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from concerns.people.signing_in import Unlocked
from concerns.sealing.envelope import Kind
from concerns.sealing.model import Envelope, ShredKey, Thread, Wrap
from concerns.sealing.opening import open_threads
from concerns.sealing.threads import Bundle, store_threads
from concerns.store.session import Stores
from concerns.triage.entering import importing
from concerns.triage.entering.csv_rows import BadFile, Row
from concerns.triage.entering.importing import ImportRefused, check_file, import_rows
from tests.cast import Instance
from tests.people.visiting import Desk

FILE = """collected_on,area,theme,worry,harm,text
2025-03-04,Ward 1,N01|N02,very,moderate,Two of us for thirty beds
2026-10-05,payroll,,,,Nobody answers the phone
2026-10-06,,N03,not very,,The lift is broken again
"""


def gita(instance: Instance) -> Unlocked:
    found = instance.guardian("gita")
    return Unlocked(found.person_id, found.secret)


def rows_in(instance: Instance) -> dict[str, int]:
    with instance.stores.read_main() as main, instance.stores.read_live() as live:
        return {
            model.__tablename__: int(
                (live if model is ShredKey else main).scalar(select(func.count()).select_from(model)) or 0
            )
            for model in (Thread, Envelope, Wrap, ShredKey)
        }


def test_each_row_becomes_a_sealed_flag_and_a_themed_one_is_sorted(instance: Instance) -> None:
    told: list[int] = []
    import_rows(instance.house, gita(instance), check_file(instance.house, FILE.encode()), told.append)
    assert told == [1, 2, 3]
    with instance.stores.read_main() as main:
        threads = {thread.id: thread for thread in main.scalars(select(Thread))}
    guardian = instance.guardian("gwen")
    signers = instance.charter.manifest.signers
    opened = open_threads(instance.stores, instance.site_id, list(threads), guardian.kem_seed, signers)
    by_text = {thread.flag["text"]: thread for thread in opened.values()}
    first = by_text["Two of us for thirty beds"]
    assert (threads[first.thread_id].week, threads[first.thread_id].tier) == (dt.date(2025, 3, 3), "imported")
    (record,) = first.of_kind(Kind.TRIAGE)
    wanted = {"primary": "N01", "themes": ["N02"], "area": "ward-1", "harm": "moderate", "day": "2026-11-22"}
    assert {name: record.payload[name] for name in wanted} == wanted
    assert record.signer == instance.guardian("gita").key.sign
    assert first.flag["worry"] == "very"
    assert len(first.items) == 5
    assert len(by_text["Nobody answers the phone"].items) == 1
    assert rows_in(instance)["envelope"] == 3 * 2 + 2 * 4
    assert by_text["The lift is broken again"].flag["area"] == "not-said"


def test_an_old_date_does_not_purge_the_flag_at_once(instance: Instance) -> None:
    import_rows(instance.house, gita(instance), check_file(instance.house, FILE.encode()), lambda _done: None)
    with instance.stores.read_main() as main:
        assert min(main.scalars(select(Thread.purge_week))) > instance.clock().date()


def test_imported_flags_stand_in_the_inbox(desk: Desk, instance: Instance) -> None:
    import_rows(instance.house, gita(instance), check_file(instance.house, FILE.encode()), lambda _done: None)
    desk.sign_in("gita")
    new = desk.client.get("/inbox?show=new").text
    assert "Nobody answers the phone" in new
    assert "Imported" in new
    assert "The lift is broken" not in new
    assert "The lift is broken" in desk.client.get("/inbox?show=all").text


def test_a_bad_row_imports_nothing(instance: Instance) -> None:
    with pytest.raises(BadFile) as refused:
        check_file(instance.house, (FILE + "2026-10-07,Mars,,,,Hello\n").encode())
    assert [str(problem) for problem in refused.value.problems] == ["line 5: there is no area “Mars”"]
    assert set(rows_in(instance).values()) == {0}


def test_a_failure_half_way_leaves_nothing(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def fails_later(stores: Stores, bundles: Sequence[Bundle]) -> None:
        calls.append(len(bundles))
        if len(calls) == 2:
            raise OSError("disk full")
        store_threads(stores, bundles)

    monkeypatch.setattr(importing, "CHUNK", 2)
    monkeypatch.setattr(importing, "store_threads", fails_later)
    with pytest.raises(OSError, match="disk full"):
        import_rows(instance.house, gita(instance), check_file(instance.house, FILE.encode()), lambda _done: None)
    assert calls == [2, 1]
    assert set(rows_in(instance).values()) == {0}


def test_only_a_guardian_of_the_manifest_can_import(instance: Instance) -> None:
    rows: list[Row] = check_file(instance.house, FILE.encode())
    known = instance.guardian("gita")
    for stranger in (
        Unlocked(known.person_id, None),
        Unlocked(bytes(16), known.secret),
        Unlocked(known.person_id, bytes(64)),
    ):
        with pytest.raises(ImportRefused):
            import_rows(instance.house, stranger, rows, lambda _done: None)
    assert set(rows_in(instance).values()) == {0}
