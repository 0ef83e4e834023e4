"""The addresses of the settings pages: an admin's, one for each part of set-up."""

from flask import Blueprint

from concerns.people.access import needs
from concerns.people.settings import (
    access,
    areas,
    first_rules,
    form,
    instead,
    languages,
    look,
    organisation,
    reading,
    signposts,
)

blueprint = Blueprint("settings", __name__, url_prefix="/set-up")

for part, view in (
    ("organisation", organisation.organisation),
    ("areas", areas.areas),
    ("reading", reading.reading),
    ("signposts", signposts.signposts),
    ("instead", instead.instead),
    ("access", access.access),
    ("look", look.look),
    ("languages", languages.languages),
    ("form", form.form),
    ("rules", first_rules.rules),
):
    blueprint.add_url_rule(f"/{part}", part, needs("admin")(view), methods=["GET", "POST"])
blueprint.add_url_rule("/signposts/one", "signpost", needs("admin")(signposts.signpost), methods=["GET", "POST"])
