"""The report door as a person uses it in a browser, in whatever language: what she reads, fills in and presses."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from tests.cast import Instance


@dataclass
class ReportDoor:
    """One tab at the report door. Fields and buttons are found by what they carry, not by what they are called."""

    page: Page
    #: with the language's path at its end
    origin: str
    instance: Instance | None = None

    def go(self, path: str) -> None:
        answer = self.page.goto(self.origin + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        if self.instance is not None:
            self.instance.clock.pass_(seconds=61)  # a form that is sent at once is a machine's

    def ready(self) -> None:
        """Wait until the script has taken over: from then on this device seals."""
        self.page.locator("html.concerns-sealing").wait_for()

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def step(self) -> Locator:
        """The one part of the form that is shown."""
        return self.page.locator(".concerns-step:visible")

    def press(self, value: str, within: str = "main") -> None:
        """Press the visible button that posts this step, or does this on the device."""
        which = f"button[value={value}]:visible, [data-go={value}]:visible, button[data-{value}]:visible"
        self.page.locator(within).locator(which).first.click()

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f"input[name={name}][value={value!r}]:visible").check()

    def tick(self, value: str) -> None:
        self.page.locator(f"input[type=checkbox][value={value!r}]:visible").check()

    def write(self, field: str, text: str) -> None:
        self.page.locator(f"#{field}").fill(text)

    def select(self, field: str, value: str) -> None:
        self.page.locator(f"#{field}").select_option(value=value)

    def open(self, details: Any) -> None:
        """Open a part that is closed at first."""
        self.page.locator(f"details:has({details})").locator("summary").click()

    @property
    def words(self) -> list[str]:
        words = self.page.locator(".concerns-receipt__words li:visible")
        words.first.wait_for()  # all_inner_texts does not wait for the page, nor for its end
        self.page.wait_for_load_state("domcontentloaded")
        return words.all_inner_texts()

    def come_back(self, words: str) -> None:
        self.write("receipt", words)
        self.press("open")
