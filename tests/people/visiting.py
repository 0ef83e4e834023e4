"""Somebody at the desk: signs in as one of the cast, and reads its pages as a browser without scripts would."""

import datetime as dt
from dataclasses import dataclass, field

from flask import Flask

from concerns.people.second_factor import STEP, WINDOW, code_at
from tests.cast import Instance
from tests.police import Page, PoliceClient


def beside_the_report_door(app: Flask) -> Flask:
    """The desk under its own path, so that the cookie's path is tried as well."""
    app.config["APPLICATION_ROOT"] = "/desk"
    return app


def without_tokens(page: Page) -> str:
    """A page's HTML but for the tokens of its forms: among their random letters any short word comes up some day."""
    html = page.html
    for one in page.tree.iter("input"):
        if one.get("name") == "csrf_token":
            html = html.replace(one.get("value"), "")
    return html


def wrong_code(secret: str, now: dt.datetime) -> str:
    """A code that an app with this secret does not show around this moment; any fixed one is right some day."""
    near = {code_at(secret, now + dt.timedelta(seconds=STEP * steps)) for steps in range(-WINDOW, WINDOW + 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


@dataclass
class Desk:
    """One browser at the desk of an instance."""

    instance: Instance
    app: Flask = field(init=False)
    client: PoliceClient = field(init=False)

    def __post_init__(self) -> None:
        self.app = beside_the_report_door(self.instance.desk_app)
        self.client = self.browser()

    def browser(self) -> PoliceClient:
        """Another browser, with no cookie yet."""
        return PoliceClient(self.app.test_client(), traceless=False)

    def sign_in(self, name: str, wanted: str = "") -> Page:
        """Both factors, with a code that nobody has used yet; returns the redirect."""
        self.instance.clock.pass_(seconds=30)
        page = self.client.get(f"/sign-in?wanted={wanted}" if wanted else "/sign-in")
        return self.client.submit(page, self.factors(name), button="Sign in")

    def factors(self, name: str) -> dict[str, str]:
        return {
            "email": f"{name}@example.org",
            "passphrase": self.instance.passphrase(name),
            "code": self.instance.code(),
        }

    def as_(self, name: str) -> "Desk":
        """Another browser at the same desk, signed in as somebody else."""
        other = Desk(self.instance)
        other.sign_in(name)
        return other
