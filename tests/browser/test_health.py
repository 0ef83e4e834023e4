"""Ada looks after the service on a phone and on a desk: the page of health, with the button for certificates."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from concerns.founding import certificates_check
from tests.browser.pages.desk import DeskPages
from tests.cast import Instance

pytestmark = pytest.mark.browser

Open = Callable[..., DeskPages]
ORIGIN = "https://concerns.example.org"


@pytest.mark.parametrize("width", [375, 1280])
def test_ada_sees_what_to_mend_and_looks_at_the_certificates(
    open_desk: Open,
    rehearsal: Instance,
    sound: Callable[[Page], None],
    width: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(certificates_check, "origins", lambda _house: [ORIGIN])
    monkeypatch.setattr(certificates_check, "_seen", lambda _origin, _trusted: {"until": "2027-02-01"})
    pin = rehearsal.directory / "ledger.jsonl"
    kept = pin.read_bytes()
    desk = open_desk(width, script=False)
    desk.go("/set-up/health")
    desk.sign_in("ada")
    assert desk.heading == "Health"
    assert "Nothing is broken." in desk.text and f"Nobody has looked at the certificate of {ORIGIN} yet" in desk.text
    sound(desk.page)
    desk.press("Look at the certificates now")
    assert "Looked at the certificates" in desk.text
    assert f"The certificate of {ORIGIN} lasts until 1 February 2027" in desk.text
    pin.write_bytes(b"")
    desk.go("/set-up/health")
    pin.write_bytes(kept)
    assert "1 fault to mend" in desk.text
    sound(desk.page)
