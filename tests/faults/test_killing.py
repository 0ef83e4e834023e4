"""Work that can be left half done is seen half done: otherwise the kills of this folder would show nothing."""

from collections.abc import Callable

from sqlalchemy import func, select

from concerns.sealing.model import ContactKey, ShredKey
from tests.cast import Instance
from tests.faults.conftest import Stage
from tests.faults.killing import Ended


def test_two_transactions_for_one_thing_are_seen_apart(stage: Callable[..., Stage]) -> None:
    def naive(instance: Instance, _tell: object) -> None:
        for table in (ShredKey, ContactKey):
            with instance.stores.write_live() as live:
                live.add(table(thread_id=bytes(16), key=bytes(32)))

    seen = set()

    def check(instance: Instance, _ended: Ended) -> None:
        with instance.stores.read_live() as live:
            counts = [live.scalar(select(func.count()).select_from(table)) for table in (ShredKey, ContactKey)]
        seen.add(tuple(counts))

    stage(lambda _instance: None).kill(naive, check, 9)
    assert (1, 0) in seen and (0, 0) in seen


def test_a_file_that_is_written_under_its_own_name_is_seen_torn(stage: Callable[..., Stage]) -> None:
    seen = set()

    def check(instance: Instance, _ended: Ended) -> None:
        path = instance.directory / "naive"
        seen.add(path.read_text() if path.exists() else None)

    scene = stage(lambda _instance: None)
    scene.kill(lambda instance, _tell: (instance.directory / "naive").write_text("all of it"), check)
    assert seen == {None, "all "}


def test_what_was_said_before_the_kill_is_heard(stage: Callable[..., Stage]) -> None:
    heard = []

    def work(instance: Instance, tell: Callable[[str], object]) -> None:
        tell("begun")
        (instance.directory / "naive").write_text("all of it")
        tell("done")

    scene = stage(lambda _instance: None)
    scene.kill(work, lambda _instance, ended: heard.append((ended.said, ended.whole)))
    assert heard and set(heard) == {("begun\n", False)}
