"""What a plan would change, in sentences, and what is still wrong with it. Pure."""

from collections.abc import Iterator, Sequence

from concerns.themes.editing.plan import Plan, after
from concerns.themes.rules import SPINE, ThemeFacts

#: keywords that a sentence names
_SHOWN = 10


def changes(now: Sequence[ThemeFacts], plan: Plan) -> list[str]:
    """One sentence for each change, in the order of the set in force, and then the new themes."""
    names = {theme.code: theme.name for theme in (*now, *after(now, plan))}
    found = [line for theme in now for line in _of_one(theme, plan, names)]
    return found + [f"“{theme.name}” is new." for theme in plan.added if theme.code in _new(plan)]


def faults(now: Sequence[ThemeFacts], plan: Plan) -> list[str]:
    """Why a plan cannot be put up yet, one sentence each."""
    if not changes(now, plan):
        return ["Nothing would change on 1 January yet."]
    without = [theme.name for theme in after(now, plan) if theme.group is None]
    if 0 < len(without) < len(after(now, plan)):
        return [f"“{name}” has no group. Every theme needs one, or none has any." for name in without]
    return []


def reworded(before: ThemeFacts, now: ThemeFacts) -> str:
    """How the words of a theme differ from those before, in one sentence."""
    come = [word for word in now.keywords if word not in before.keywords]
    gone = [word for word in before.keywords if word not in now.keywords]
    parts = [
        *(["another definition"] if before.definition != now.definition else []),
        *([f"with {_first_of(come)}"] if come else []),
        *([f"without {_first_of(gone)}"] if gone else []),
    ]
    return f"“{now.name}”: {', '.join(parts) or 'its keywords in another order'}."


def _first_of(words: Sequence[str]) -> str:
    rest = len(words) - _SHOWN
    shown = [f"“{word}”" for word in words[:_SHOWN]]
    return f"{', '.join(shown)} and {rest} more" if rest > 0 else _listed(words)


def _of_one(theme: ThemeFacts, plan: Plan, names: dict[str, str]) -> Iterator[str]:
    heirs = plan.moved.get(theme.code)
    if heirs is not None:
        if not heirs:
            yield f"“{theme.name}” ends. No theme takes its place."
        elif len(heirs) == 1:
            yield f"“{theme.name}” goes into “{names[heirs[0]]}”."
        else:
            yield f"“{theme.name}” is split into {_listed([names[code] for code in heirs])}."
        return
    look = plan.looks.get(theme.code)
    if look is None:
        return
    if look.name != theme.name:
        yield f"“{theme.name}” is called “{look.name}” from then on."
    if look.group != theme.group:
        yield f"“{look.name}” moves to {f'the group “{look.group}”' if look.group else 'no group'}."
    if look.spine != theme.spine:
        goes = f"under “{SPINE[look.spine]}”" if look.spine else "under none of the sector-wide themes"
        yield f"“{look.name}” is compared with other organisations {goes}."


def _new(plan: Plan) -> set[str]:
    return {theme.code for theme in plan.added} - plan.parts


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
