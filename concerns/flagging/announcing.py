"""What staff read on the promise page of rules that are signed and have not begun."""

import datetime as dt
from typing import NamedTuple

from flask_babel import gettext as _

from concerns.charter.loosening import KINDS, SHOWN, Change, Rule, changes
from concerns.charter.policy import Policy
from concerns.charter.service import Charter
from concerns.flagging.wording import RULES


class Line(NamedTuple):
    """One rule, as it is now and then."""

    name: str
    now: str
    then: str


class Announced(NamedTuple):
    """The rules that change on a day."""

    day: dt.date
    lines: list[Line]


def announced(charter: Charter, today: dt.date) -> list[Announced]:
    """Every signed change to come, the next one first, each against the rules of today; none of the form’s words alone."""
    now = charter.policy_on(today)
    return [
        Announced(one.first_day, [_line(change, now, one.policy) for change in found])
        for one in charter.announced(today)
        if one.first_day is not None and (found := changes(now, one.policy))
    ]


def _line(change: Change, now: Policy, then: Policy) -> Line:
    return Line(str(RULES[change.rule.name]), _shown(change.rule, now), _shown(change.rule, then))


def _shown(rule: Rule, policy: Policy) -> str:
    value = rule.value(policy)
    if rule.name == SHOWN:
        return str(_("Yes") if value else _("No"))
    if rule.name in KINDS and not value:
        return str(_("none"))
    # the promise speaks of the time from the day on which a concern came in
    return str(policy.latest_months if rule.name == "retention_months" else value)
