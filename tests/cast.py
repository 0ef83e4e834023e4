"""The cast of the tests: an invented trust, its people, and a clock that stands still until it is moved."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

import config
from concerns import create_desk_app, create_report_app
from concerns.areas.queries import organisation
from concerns.charter.manifest import GuardianKey
from concerns.charter.service import Charter, current
from concerns.people.second_factor import code_at
from concerns.store.house import House
from concerns.store.session import Stores

STARTED = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ANSWERS = {
    "organisation": {"name": "Wendle Vale Trust", "sector": "nhs", "colour": "#005eb8", "flags_per_year": 800},
    "areas": [
        {"name": "Ward 1", "division": "Medicine", "staff": 60},
        {"name": "Ward 2", "division": "Medicine", "staff": 45},
        {"name": "Emergency department", "division": "Medicine", "staff": 140},
        {"name": "Theatres", "division": "Surgery", "staff": 90},
        {"name": "Day surgery", "division": "Surgery", "staff": 12},
        {"name": "Estates", "division": "Support services", "staff": 75},
        {"name": "Payroll", "division": "Support services", "staff": 25},
    ],
    "people": [
        {"name": name, "email": f"{name.lower()}@example.org", "roles": [role], "passphrase": f"{name} keeps bees"
         " on the roof", "totp_secret": TOTP}
        for name, role in (("Gita", "guardian"), ("Gwen", "guardian"), ("Lena", "leader"), ("Ada", "admin"),
                           ("Priya", "peer"))
    ],
}  # fmt: skip


class Compiled(BytecodeCache):
    """Templates that were compiled for another application of this worker."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self.kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


#: of each door: the two are furnished differently
COMPILED = {"report": Compiled(), "desk": Compiled()}


@dataclass
class FixedClock:
    """A clock that stands still until a test moves it."""

    now: dt.datetime = STARTED

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **units: float) -> None:
        self.now += dt.timedelta(**units)


@dataclass(frozen=True)
class Guardian:
    """A guardian of the cast with her opened secret."""

    person_id: bytes
    secret: bytes
    key: GuardianKey

    @property
    def kem_seed(self) -> bytes:
        return self.secret[:32]

    @property
    def sign_seed(self) -> bytes:
        return self.secret[32:]


@dataclass
class Instance:
    """A founded rehearsal: its house, both doors, its cast, and the clock they all read."""

    settings: config.Settings
    clock: FixedClock
    house: House
    secrets: dict[str, tuple[bytes, bytes]]
    apps: list[Flask] = field(default_factory=list)

    @property
    def stores(self) -> Stores:
        return self.house.stores

    @property
    def directory(self) -> Path:
        return self.house.directory

    @property
    def report_app(self) -> Flask:
        return self._keep(create_report_app(self.settings, self.clock))

    @property
    def desk_app(self) -> Flask:
        return self._keep(create_desk_app(self.settings, self.clock))

    @property
    def site_id(self) -> bytes:
        with self.stores.read_main() as main:
            return bytes(organisation(main).site_id)

    @property
    def charter(self) -> Charter:
        with self.stores.read_main() as main:
            return current(main, self.directory)

    def guardian(self, name: str = "gita") -> Guardian:
        person_id, secret = self.secrets[name]
        key = self.charter.manifest.by_person(person_id)
        assert key is not None
        return Guardian(person_id, secret, key)

    def passphrase(self, name: str) -> str:
        return f"{name.capitalize()} keeps bees on the roof"

    def code(self) -> str:
        return code_at(TOTP, self.clock.now)

    def close(self) -> None:
        for app in self.apps:
            app.extensions["concerns"].stores.close()
        self.stores.close()

    def _keep(self, app: Flask) -> Flask:
        app.jinja_env.bytecode_cache = COMPILED[app.extensions["concerns.pages"].door]
        self.apps.append(app)
        return app
