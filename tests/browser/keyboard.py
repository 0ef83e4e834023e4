"""Somebody at a browser without a mouse."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page

from concerns.people.second_factor import code_at
from concerns.store.house import utc_now


@dataclass
class Keyboard:
    """Somebody without a mouse: Tab to a place, type, press. What she must press is counted."""

    page: Page
    presses: int = 0

    def go_to(self, place: Locator) -> None:
        """Tab until the place has the focus."""
        wanted = place.first.element_handle()
        for _ in range(250):
            if self.page.evaluate("one => one === document.activeElement", wanted):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"no Tab leads to {place}")

    def press(self, name: str, role: str = "button") -> None:
        self.go_to(self.page.locator("main").get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
        self.presses += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        self.press(name, "link")

    def tick(self, name: str) -> None:
        self.go_to(self.page.get_by_label(name, exact=True))
        self.presses += 1
        self.page.keyboard.press("Space")

    def write(self, name: str, text: str) -> None:
        self.go_to(self.page.get_by_label(name, exact=True))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def code(self) -> str:
        secret = self.page.locator(".desk-code").inner_text().replace(" ", "")
        return code_at(secret, utc_now())
