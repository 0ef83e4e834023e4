"""Lena promises: what a test fills in where it does not matter."""

from typing import Any

from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page

ACTION = {
    "theme": ["N01"],
    "what": "Plan shifts four weeks ahead.",
    "type": ["process"],
    "strength": ["medium"],
    "owner": "Head of nursing",
    "exit_criteria": "Every ward knows its shifts four weeks ahead.",
    "due": "2027-01-31",
    "review": "2027-06-30",
}
ANSWER = {"known": "Nights are hard to staff.", "doing": "We plan shifts anew.", "heard": "", "declined": ""}
ASK = "Hand it to the guardians"


def promise(lena: Desk, status: int = 302, **changed: Any) -> str:
    """The address of a promised action."""
    page = lena.client.get("/promises/action")
    return where(lena.client.submit(page, {**ACTION, **changed}, button="Promise it", status=status))


def promise_answer(lena: Desk, theme: str = "N01", due: str = "2027-01-31") -> str:
    """The address of a promised answer."""
    page = lena.client.get("/promises/response")
    found = lena.client.submit(page, {"theme": [theme], "due": due}, button="Promise it")
    return where(found).removesuffix("/words")


def where(page: Page) -> str:
    return page.location.removeprefix("/desk") if page.status == 302 else ""


def write(lena: Desk, address: str, words: dict[str, str], button: str = ASK, status: int = 302) -> Page:
    return lena.client.submit(lena.client.get(f"{address}/words"), words, button=button, status=status)


def propose(desk: Desk, address: str, status: int = 302) -> Page:
    """A guardian proposes what leaders ask to release."""
    page = desk.client.get(f"/texts/asked/{address.rpartition('/')[2]}")
    return desk.client.submit(page, button="Propose this text", status=status)


def agree(desk: Desk) -> None:
    """Another guardian agrees to the only text that waits."""
    links = desk.client.get("/texts/").links()
    (waiting,) = {link for link in links.values() if len(link.rpartition("/")[2]) == 32 and "/asked/" not in link}
    desk.client.submit(desk.client.get(waiting.removeprefix("/desk")), button="I agree: release it")


def release(instance: Instance, lena: Desk, address: str) -> None:
    """Gita proposes, Gwen agrees."""
    propose(lena.as_("gita"), address)
    agree(lena.as_("gwen"))
