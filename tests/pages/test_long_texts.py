"""A text far beyond the limit is measured and comes back; it is not refused as a request."""

import pytest

from tests.cast import Instance
from tests.police import PoliceClient

LETTERS = 140_000


@pytest.fixture
def door(instance: Instance) -> PoliceClient:
    return PoliceClient(instance.report_app.test_client(), traceless=True)


@pytest.mark.parametrize("letter", ["x", "ä"])
def test_a_hundred_and_forty_thousand_letters_come_back(door: PoliceClient, letter: str) -> None:
    page = door.submit(door.get("/tell"), {"text": letter * LETTERS}, status=200)
    (message,) = page.errors
    assert "characters too long. Take out at least that much; nothing is lost." in message
    (area,) = [one for one in page.tree.iter("textarea") if one.get("name") == "text"]
    assert (area.text or "").strip() == letter * LETTERS
