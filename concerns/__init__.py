"""Concerns: staff flag risks anonymously; guardians triage; leaders read releases that identify nobody.

The two factories open the rooms in order. They are imported inside, so that `import concerns.sealing` stays light and
the pure rooms stay pure.
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from concerns.flagging.admission import Budgets
    from concerns.store.house import Clock, House
    from config import Settings


def open_house(settings: "Settings", clock: "Clock | None" = None) -> "House":
    """Open the stores of an instance. It knows no directory of the organisation's: only the desk asks one."""
    from concerns.disclosure.handing import LedgerBoxes
    from concerns.store.house import House, utc_now
    from concerns.store.session import open_stores

    return House(
        stores=open_stores(settings.main_url, settings.live_url, settings.released_url),
        clock=clock or utc_now,
        directory=settings.directory,
        report_origins=settings.report_origins,
        desk_origin=settings.desk_origin,
        desk_path=settings.desk_path,
        handing=LedgerBoxes(),
        mail=settings.mail,
    )


def create_report_app(settings: "Settings", clock: "Clock | None" = None, budgets: "Budgets | None" = None) -> "Flask":
    """The report door: no account, no secret key, no session, no cookie, no log of requests.

    `budgets` limit what everybody together may send; benchmarks hand in larger ones.
    """
    from flask import Flask

    from concerns.areas.brand import brand_of, logo_of
    from concerns.flagging.admission import Budgets, Gate
    from concerns.flagging.views import blueprint as flagging
    from concerns.founding.first.closed import open_first
    from concerns.pages.furniture import open_pages

    app = Flask(__name__, static_folder=None, template_folder=None)
    house = open_house(settings, clock)
    app.extensions["concerns"] = house
    app.extensions["concerns.gate"] = Gate(house, budgets or Budgets())
    logo = partial(logo_of, house)
    open_pages(app, brand=lambda: brand_of(house), logo=logo, door="report", origins=house.report_origins)
    open_first(app)
    app.register_blueprint(flagging)
    return app


def create_desk_app(settings: "Settings", clock: "Clock | None" = None) -> "Flask":
    """The desk: guardians, leaders, admins and peers, signed in. Raises SettingsRefused."""
    from concerns.areas.brand import brand_of, logo_of
    from concerns.demo.pilot.views import blueprint as pilot
    from concerns.disclosure.foreseeing.views import blueprint as foreseeing
    from concerns.flagging.previewing import blueprint as previewing
    from concerns.founding.first.closed import open_first
    from concerns.founding.first.views import blueprint as first
    from concerns.founding.health.views import blueprint as health
    from concerns.founding.launching.views import blueprint as launching
    from concerns.learning.peers.views import blueprint as peers
    from concerns.learning.promises.views import blueprint as promises
    from concerns.pages.furniture import open_pages
    from concerns.pages.keyed import KeyedFlask
    from concerns.people.access import open_access
    from concerns.people.entries.views import blueprint as audit
    from concerns.people.views import blueprint as people
    from concerns.reports.views import blueprint as reports
    from concerns.triage.acting.views import blueprint as acting
    from concerns.triage.closing.views import blueprint as closing
    from concerns.triage.releasing.views import blueprint as releasing
    from concerns.triage.retaining.views import blueprint as retaining
    from concerns.triage.returning.views import blueprint as returning
    from concerns.triage.views import blueprint as triage

    outside = settings.outside_of_desk()
    app = KeyedFlask(__name__, static_folder=None, template_folder=None)
    app.secret_key = settings.secret_path.read_bytes()
    house = replace(open_house(settings, clock), outside=outside)
    app.extensions["concerns"] = house
    # the form's cookie too is bound to the desk's path: none of the desk's cookies ever accompanies a report
    origins, path = (house.desk_origin,), house.desk_path
    logo = partial(logo_of, house)
    open_pages(app, brand=lambda: brand_of(house), logo=logo, door="desk", origins=origins, cookie_path=path)
    open_first(app)
    open_access(app)
    rooms = [people, audit, triage, acting, closing, releasing, returning, retaining]
    for blueprint in (*rooms, promises, peers, reports, foreseeing, previewing, first, health, launching, pilot):
        app.register_blueprint(blueprint)
    return app
