"""The pages that only say something: home, answers, promise, help, privacy, accessibility."""

from fractions import Fraction

from flask.typing import ResponseReturnValue

from concerns.flagging import queries, rules
from concerns.flagging.showing import facts, show
from concerns.store.house import house
from concerns.themes.packs import load_pack

LATEST = 3
#: suspicions that somebody may have before reading any report, for the table on the promise page
SUSPICIONS = (Fraction(1, 100), Fraction(1, 20), Fraction(1, 5))


def home() -> ResponseReturnValue:
    """What this is, the three ways on, and what was answered lately."""
    entries = [entry for entry in queries.public(house()).entries if entry.withdrawn is None]
    newest = sorted(entries, key=lambda entry: entry.month, reverse=True)
    return show("home.html", facts(), latest=newest[:LATEST])


def answers() -> ResponseReturnValue:
    """The standing answer to each theme and what may be learnt, newest month first; nobody needs a receipt to read it."""
    found = queries.public(house())
    entries = sorted(found.entries, key=lambda entry: entry.month, reverse=True)
    months = sorted({one.month for one in entries} | {one.month for one in found.points}, reverse=True)
    grouped = [
        (
            month,
            [entry for entry in entries if entry.month == month],
            [point for point in found.points if point.month == month],
        )
        for month in months
    ]
    return show("answers.html", facts(), grouped=grouped)


def promise() -> ResponseReturnValue:
    """Who reads, what is kept, what leaders see, and what this cannot do."""
    door = facts()
    epsilon = door.charter.policy.epsilon if door.charter else Fraction(0)
    bounds = [(prior, rules.lifted(prior, epsilon), rules.lifted(prior, epsilon, 2)) for prior in SUSPICIONS]
    return show("promise.html", door, bounds=bounds, one_in=rules.one_in, tally=queries.reading_days_kept(house()))


def find_help() -> ResponseReturnValue:
    """Whom to ring in danger, and where else to speak up."""
    door = facts()
    others = [signpost for signpost in door.signposts if not signpost.danger]
    return show(
        "help.html",
        door,
        others=others,
        routes=load_pack(door.organisation.sector).routes,
        knows_protect=any("Protect" in signpost.name for signpost in others),
    )


def privacy() -> ResponseReturnValue:
    """What the law on personal data asks an organisation to say."""
    return show("privacy.html", facts())


def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return show("accessibility.html", facts())
