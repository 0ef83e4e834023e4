"""The desk as a guardian or an admin uses it in a browser: what she reads, fills in and presses."""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.cast import Instance


@dataclass
class DeskPages:
    """One tab at the desk."""

    page: Page
    origin: str
    instance: Instance

    def go(self, path: str) -> None:
        answer = self.page.goto(f"{self.origin}/desk{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def sign_in(self, name: str) -> None:
        """Fill in both factors, with a code that nobody has used yet, and go on."""
        self.instance.clock.pass_(seconds=30)
        self.write("E-mail address", f"{name}@example.org")
        self.write("Passphrase", self.instance.passphrase(name))
        self.write("Six-digit code", self.instance.code())
        self.press("Sign in")
