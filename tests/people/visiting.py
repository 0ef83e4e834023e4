"""Somebody at the desk: signs in as one of the cast, and reads its pages as a browser without scripts would."""

from dataclasses import dataclass, field

from flask import Flask

from tests.cast import Instance
from tests.police import Page, PoliceClient


def beside_the_report_door(app: Flask) -> Flask:
    """The desk under its own path, so that the cookie's path is tried as well."""
    app.config["APPLICATION_ROOT"] = "/desk"
    return app


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
