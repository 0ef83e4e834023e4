"""The report door as a person uses it in a browser: what she reads, fills in and presses."""

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass
class ReportDoor:
    """One tab at the report door."""

    page: Page
    origin: str

    def go(self, path: str) -> None:
        answer = self.page.goto(self.origin + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def press(self, name: str) -> None:
        """Press a button, or a link that looks like one, of the page itself."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()

    def choose(self, name: str) -> None:
        self.page.get_by_label(name, exact=True).check()

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def tell(self, text: str, area: str | None = None) -> None:
        """Fill in the form as Rosa does, and go on to the check page."""
        self.choose("No")
        self.write("What happened, or what worries you?", text)
        if area:
            self.page.get_by_label("Where is it? (optional)", exact=True).select_option(value=area)
        self.choose("Very worried")
        self.choose("Ask me questions here")
        self.press("Continue")

    @property
    def words(self) -> list[str]:
        words = self.page.locator(".concerns-receipt__words li")
        words.first.wait_for()  # all_inner_texts does not wait for the page
        return words.all_inner_texts()

    def come_back(self, words: str) -> None:
        self.write("Your nine words, or the 28 digits", words)
        self.press("Open")
