"""`concerns close` shows the last freeze, and at a terminal asks whether it is the one of the print."""

import datetime as dt

import pytest
from click.testing import CliRunner, Result

from concerns.cli import main
from concerns.disclosure.ledger import Ledger
from concerns.verbs import releasing
from tests.cast import Instance
from tests.triage.closing_bench import close, launch, on


@pytest.fixture
def spring(instance: Instance) -> Instance:
    """The first quarter is frozen, and the second one can be closed by the command's clock."""
    launch(instance, dt.date(2025, 1, 1))
    on(instance, dt.date(2025, 4, 22))
    close(instance, "2025-Q1")
    return instance


def run(instance: Instance, *options: str, answer: str = "") -> Result:
    words = ["close", "2025-Q2", "--guardian", "gita@example.org", "--directory", str(instance.directory), *options]
    environ = {"CONCERNS_PASSPHRASE": instance.passphrase("gita")}
    if instance.stores.main.dialect.name != "sqlite":
        for name, engine in (("DATABASE_URL", instance.stores.main), ("LIVE_URL", instance.stores.live)):
            environ[name] = engine.url.render_as_string(hide_password=False)
    return CliRunner().invoke(main, words, env=environ, input=answer)


def lines(instance: Instance) -> int:
    return len(Ledger(instance.directory).lines())


def test_a_script_is_shown_the_last_freeze_and_not_asked(spring: Instance) -> None:
    last = Ledger(spring.directory).lines()[-1]
    result = run(spring)
    assert result.exit_code == 0, result.output
    assert f"The last freeze was 2025-Q1: ledger line 3, {last.head.hex()}." in result.stdout
    assert "waiting for a second guardian" in result.stdout and "compare" not in result.output
    assert lines(spring) == 4


@pytest.mark.parametrize(("answer", "code", "after"), [("n\n", 1, 3), ("y\n", 0, 4)])
def test_at_a_terminal_it_asks(
    spring: Instance, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, after: int
) -> None:
    monkeypatch.setattr(releasing, "_is_terminal", lambda: True)
    result = run(spring, answer=answer)
    assert (result.exit_code, lines(spring)) == (code, after), result.output
    assert "Did you compare this with the print of it, and is it the same?" in result.stderr
    assert ("Nothing was done. If they differ" in result.stderr) == bool(code)


def test_who_says_so_beforehand_is_not_asked(spring: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing, "_is_terminal", lambda: True)
    result = run(spring, "--compared")
    assert (result.exit_code, lines(spring)) == (0, 4), result.output


def test_before_the_first_freeze_there_is_nothing_to_compare(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch(instance, dt.date(2025, 4, 1))
    monkeypatch.setattr(releasing, "_is_terminal", lambda: True)
    result = run(instance)
    assert (result.exit_code, "last freeze" in result.output) == (0, False), result.output
