"""The pages that only say something: home, promise, help, privacy, accessibility."""

from flask.typing import ResponseReturnValue

from concerns.disclosure.promise import bounds, one_in
from concerns.flagging import queries, wording
from concerns.flagging.announcing import announced
from concerns.flagging.showing import facts, show
from concerns.store.house import house
from concerns.themes.packs import load_pack
from concerns.themes.returning import ProfileRefused, profile_of

LATEST = 3


def home() -> ResponseReturnValue:
    """What this is, the three ways on, and what was answered lately."""
    entries = [entry for entry in queries.public(house()).entries if entry.withdrawn is None]
    newest = sorted(entries, key=lambda entry: entry.month, reverse=True)
    return show("home.html", facts(), latest=newest[:LATEST])


def promise() -> ResponseReturnValue:
    """Who reads, what is kept, what leaders see, and what this cannot do."""
    door = facts()
    today = house().today()
    policy = door.charter.policy_on(today) if door.charter else None
    found = bounds(policy.kinds if policy else {})
    return show(
        "promise.html",
        door,
        policy=policy,
        announced=announced(door.charter, today) if door.charter else [],
        bounds=found,
        one_in=one_in,
        tally=queries.reading_days_kept(house()),
        who_instead=wording.INSTEAD,
        figures=_figures(door.organisation.sector),
    )


def _figures(sector: str) -> list[str]:
    """Which totals a law asks for; never their values."""
    try:
        profile = profile_of(sector, house().directory)
    except ProfileRefused:
        return []
    return [str(wording.FIGURES.get(one.code, one.name)) for one in profile.categories] if profile else []


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
