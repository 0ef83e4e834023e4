"""Concerns: staff flag risks anonymously; guardians triage; leaders read releases that identify nobody.

The two factories open the rooms in order. They are imported inside, so that `import concerns.sealing` stays light and
the pure rooms stay pure.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from concerns.flagging.admission import Budgets
    from concerns.store.house import Clock, House
    from config import Settings


def open_house(settings: "Settings", clock: "Clock | None" = None) -> "House":
    """Open the stores of an instance."""
    from concerns.store.house import House, utc_now
    from concerns.store.session import open_stores

    return House(
        stores=open_stores(settings.main_url, settings.live_url),
        clock=clock or utc_now,
        directory=settings.directory,
        report_origins=settings.report_origins,
        desk_origin=settings.desk_origin,
        desk_path=settings.desk_path,
        mail=settings.mail,
    )


def create_report_app(settings: "Settings", clock: "Clock | None" = None, budgets: "Budgets | None" = None) -> "Flask":
    """The report door: no account, no secret key, no session, no cookie, no log of requests.

    `budgets` limit what everybody together may send; benchmarks hand in larger ones.
    """
    from flask import Flask

    from concerns.areas.brand import brand_of
    from concerns.flagging.admission import Budgets, Gate
    from concerns.flagging.views import blueprint as flagging
    from concerns.pages.furniture import open_pages

    app = Flask(__name__, static_folder=None, template_folder=None)
    house = open_house(settings, clock)
    app.extensions["concerns"] = house
    app.extensions["concerns.gate"] = Gate(house, budgets or Budgets())
    open_pages(app, brand=lambda: brand_of(house), door="report", origins=house.report_origins)
    app.register_blueprint(flagging)
    return app


def create_desk_app(settings: "Settings", clock: "Clock | None" = None) -> "Flask":
    """The desk: guardians, leaders, admins and peers, signed in."""
    from concerns.areas.brand import brand_of
    from concerns.pages.furniture import open_pages
    from concerns.pages.keyed import KeyedFlask
    from concerns.people.access import open_access
    from concerns.people.entries.views import blueprint as audit
    from concerns.people.views import blueprint as people
    from concerns.reports.views import blueprint as reports
    from concerns.triage.acting.views import blueprint as acting
    from concerns.triage.closing.views import blueprint as closing
    from concerns.triage.releasing.views import blueprint as releasing
    from concerns.triage.views import blueprint as triage

    app = KeyedFlask(__name__, static_folder=None, template_folder=None)
    app.secret_key = settings.secret_path.read_bytes()
    house = open_house(settings, clock)
    app.extensions["concerns"] = house
    # the form's cookie too is bound to the desk's path: none of the desk's cookies ever accompanies a report
    origins, path = (house.desk_origin,), house.desk_path
    open_pages(app, brand=lambda: brand_of(house), door="desk", origins=origins, cookie_path=path)
    open_access(app)
    for blueprint in (people, audit, triage, acting, closing, releasing, reports):
        app.register_blueprint(blueprint)
    return app
