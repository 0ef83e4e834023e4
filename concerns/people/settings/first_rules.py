"""What the guardians' first rules will say, settled by the admin before they sign; afterwards they change otherwise."""

import re
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField

from concerns.areas.model import Organisation
from concerns.charter.loosening import BY_NAME, SHOWN
from concerns.charter.policy import MOST_FOR_HANDLING, Policy
from concerns.charter.wanted import CHOICES, HANDLING, NUMBERS, RELEASES, with_wishes
from concerns.pages.forms import DeskForm
from concerns.people.fields import tidied
from concerns.people.settings.saving import save, stored
from concerns.themes.packs import load_pack

SETTING_UP = "setting-up"
_WHOLE = re.compile(r"[0-9]{1,3}", re.ASCII)
#: what a number is for, beside its limits
HINTS = {
    "retention_months": "Then its key is destroyed. At the latest that is 24 months and these after it came in.",
    "watch_months": "Whether a theme comes back that was concluded.",
    "cutoff_days": "So long the guardians may still sort what came before it ended.",
    "collect_hour": "UTC: in summer the clock here shows an hour more.",
    "quarter": "Declared where there are at least 40 staff, and 60 flags are expected in a year. Leave it out where a number "
    "each year is enough.",
    "year": "Declared where there are at least 40 staff. Without it, and without quarters, leaders read words alone.",
}


class TooLate(Exception):
    """Somebody put the rules up for signing meanwhile."""


class RulesForm(DeskForm):
    """Whole numbers, and choices."""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        for name in NUMBERS:
            rule, typed = BY_NAME[name], self[name].data or ""
            if not _WHOLE.fullmatch(typed) or not rule.least <= int(typed) <= rule.most:
                self[name].errors = [f"{rule.words}: write a whole number from {rule.least} to {rule.most}"]
                good = False
        return good

    @property
    def wanted(self) -> dict[str, Any]:
        """As the organisation's row holds it."""
        numbers = {name: int(self[name].data) for name in NUMBERS}
        return {**numbers, **{name: self[name].data for name in CHOICES}}


for _name in NUMBERS:
    setattr(RulesForm, _name, StringField(BY_NAME[_name].words, filters=[tidied]))
for _name in CHOICES:
    setattr(RulesForm, _name, BooleanField(BY_NAME[_name].words))


def rules() -> ResponseReturnValue:
    """The page; where to change what holds, once there is something to sign."""
    now = stored()
    if now.stage != SETTING_UP and request.method != "POST":
        return render_template("people/settings/rules_signed.html")
    form = RulesForm(data=typed(now))
    if now.stage != SETTING_UP:
        return _too_late(form)

    def change(row: Organisation) -> None:
        if row.stage != SETTING_UP:
            raise TooLate
        row.rules_wanted = form.wanted

    if form.validate_on_submit():
        try:
            return save("rules", "The rules that the guardians will sign are saved", change)
        except TooLate:
            return _too_late(form)
    numbers = [(form[name], _hint(name)) for name in NUMBERS]
    page = render_template(
        "people/settings/rules.html",
        form=form,
        numbers=numbers,
        releases=[(form[name], HINTS[name]) for name in RELEASES],
        handling=form[HANDLING],
        shown=form[SHOWN],
        costs=MOST_FOR_HANDLING,
    )
    return page, 422 if form.errors else 200


def _too_late(form: RulesForm) -> ResponseReturnValue:
    """The page of what holds, with what was typed: it may be drafted anew where rules are changed."""
    sent = [(BY_NAME[name].words, form[name].data or "") for name in NUMBERS]
    chosen = [(BY_NAME[name].words, "Yes" if form[name].data else "No") for name in CHOICES]
    return render_template("people/settings/rules_signed.html", late=[*sent, *chosen]), 409


def typed(now: Organisation) -> dict[str, Any]:
    """What stands in the form: what was settled, else the sector's clocks and the usual months."""
    usual = Policy(kinds={}, clocks=dict(load_pack(now.sector).clocks))
    policy = with_wishes(usual, now.rules_wanted)
    releases = {name: bool(now.rules_wanted.get(name, True)) for name in RELEASES}
    chosen = {**releases, HANDLING: bool(now.rules_wanted.get(HANDLING)), SHOWN: policy.answers_show_releases}
    return {**{name: str(BY_NAME[name].value(policy)) for name in NUMBERS}, **chosen}


def _hint(name: str) -> str:
    rule = BY_NAME[name]
    return f"{HINTS.get(name, '')} From {rule.least} to {rule.most}.".strip()
