"""A plan for the theme set of next year: what each step makes of it, and which set comes out. Pure."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from concerns.themes.editing.rules import (
    MOST_PARTS,
    MOST_THEMES,
    EditRefused,
    clean_definition,
    clean_group,
    clean_keywords,
    clean_name,
    clean_spine,
    new_code,
)
from concerns.themes.mapping import Pair
from concerns.themes.rules import ThemeFacts


class Look(NamedTuple):
    """What a theme that goes on is called, and where it stands."""

    name: str
    spine: str | None
    group: str | None


@dataclass(frozen=True)
class Plan:
    """What differs from the set in force. Definitions and keywords of its themes are none of it: they work at once."""

    #: by code, for themes that go on
    looks: Mapping[str, Look] = field(default_factory=dict)
    #: for themes that do not go on: where their flags belong; one code merged, several split, none retired
    moved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    added: tuple[ThemeFacts, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The plan as JSON may write it."""
        return {
            "looks": {code: list(look) for code, look in self.looks.items()},
            "moved": {code: list(heirs) for code, heirs in self.moved.items()},
            "added": [{**asdict(theme), "keywords": list(theme.keywords)} for theme in self.added],
        }

    @property
    def parts(self) -> frozenset[str]:
        """The codes of themes that are parts of a split one."""
        return frozenset(code for heirs in self.moved.values() if len(heirs) > 1 for code in heirs)


def plan_of(plain: Mapping[str, Any]) -> Plan:
    """The plan that `plain` wrote."""
    return Plan(
        looks={code: Look(*look) for code, look in plain["looks"].items()},
        moved={code: tuple(heirs) for code, heirs in plain["moved"].items()},
        added=tuple(ThemeFacts(**{**one, "keywords": tuple(one["keywords"])}) for one in plain["added"]),
    )


def between(now: Sequence[ThemeFacts], later: Sequence[ThemeFacts], pairs: AbstractSet[Pair]) -> Plan:
    """The plan that leads from one stored set to the next."""
    before, after = {theme.code: theme for theme in now}, {theme.code: theme for theme in later}
    return Plan(
        looks={c: _look(t) for c, t in after.items() if c in before and _look(t) != _look(before[c])},
        moved={c: tuple(t.code for t in later if (c, t.code) in pairs) for c in before if c not in after},
        added=tuple(theme for theme in later if theme.code not in before),
    )


def after(now: Sequence[ThemeFacts], plan: Plan) -> list[ThemeFacts]:
    """The set that comes out: parts stand where the split theme stood, and new themes at the end."""
    added, parts = {theme.code: theme for theme in plan.added}, plan.parts
    found: list[ThemeFacts] = []
    for theme in now:
        heirs = plan.moved.get(theme.code)
        if heirs is None:
            found.append(replace(theme, **plan.looks.get(theme.code, _look(theme))._asdict()))
        elif len(heirs) > 1:
            found += [added[code] for code in heirs]
    return [*found, *(theme for theme in plan.added if theme.code not in parts)]


def look(now: Sequence[ThemeFacts], plan: Plan, code: str, wanted: Look) -> Plan:
    """Another name, spine code or group for a theme. Raises EditRefused."""
    found = after(now, plan)
    own = _going_on(found, code)
    clean = _cleaned(wanted, found, code)
    if any(theme.code == code for theme in plan.added):
        changed = replace(own, **clean._asdict())
        return replace(plan, added=tuple(changed if theme.code == code else theme for theme in plan.added))
    looks = {one: kept for one, kept in plan.looks.items() if one != code}
    in_force = next(theme for theme in now if theme.code == code)
    return replace(plan, looks=looks if clean == _look(in_force) else {**looks, code: clean})


def reword(plan: Plan, code: str, definition: str, keywords: str) -> Plan:
    """Another definition and other keywords for a theme that is new in the plan. Raises EditRefused."""
    own = _going_on(plan.added, code)
    changed = replace(own, definition=clean_definition(definition), keywords=clean_keywords(keywords))
    return replace(plan, added=tuple(changed if theme.code == code else theme for theme in plan.added))


def add(
    now: Sequence[ThemeFacts], plan: Plan, used: AbstractSet[str], wanted: Look, definition: str, keywords: str
) -> tuple[Plan, str]:
    """One theme more; returns its code too. Raises EditRefused."""
    clean = _cleaned(wanted, after(now, plan), None)
    code = new_code(_taken(now, plan, used))
    theme = ThemeFacts(code, *clean, clean_definition(definition), clean_keywords(keywords))
    return _sound(now, replace(plan, added=(*plan.added, theme)), "name"), code


def merge(now: Sequence[ThemeFacts], plan: Plan, code: str, into: str) -> Plan:
    """Let a theme's flags belong to another one. Raises EditRefused."""
    if into == code:
        raise EditRefused("into", "Merged into: a theme cannot be merged into itself")
    names = _names(now, plan)
    if code in plan.moved.get(into, ()):
        raise EditRefused(
            "into", f"Merged into: “{names[into]}” goes into this theme already, so that would be a circle"
        )
    plan = _leaving(now, plan, code, "into")
    if into not in {theme.code for theme in after(now, plan)}:
        raise EditRefused("into", "Merged into: choose a theme that goes on")
    return _moving(now, plan, code, (into,), "into")


def split(now: Sequence[ThemeFacts], plan: Plan, used: AbstractSet[str], code: str, names: str) -> Plan:
    """Let a theme become several, one name in each line. Raises EditRefused.

    A part that stood there before under the same name keeps its code and its words; a new one begins with the words of
    the whole.
    """
    whole = next((theme for theme in now if theme.code == code), None)
    wanted = [line for line in (" ".join(one.split()) for one in names.splitlines()) if line]
    if whole is None or not 2 <= len(wanted) <= MOST_PARTS:
        raise EditRefused("parts", f"Names of the parts: write two to {MOST_PARTS}, one in each line")
    whole = replace(whole, **plan.looks.get(code, _look(whole))._asdict())
    before = {theme.name: theme for theme in plan.added if theme.code in plan.moved.get(code, ())}
    plan = _leaving(now, plan, code, "parts")
    others = [theme for theme in after(now, plan) if theme.code != code]
    parts: list[ThemeFacts] = []
    for name in wanted:
        try:
            name = clean_name(name, [*others, *parts])
        except EditRefused as refused:
            raise EditRefused("parts", f"“{name[:40]}”. {refused}") from None
        fresh = new_code({*_taken(now, plan, used), *(t.code for t in (*before.values(), *parts))})
        parts.append(before.get(name) or replace(whole, code=fresh, name=name))
    plan = replace(plan, added=(*plan.added, *parts))
    return _moving(now, plan, code, tuple(part.code for part in parts), "parts")


def retire(now: Sequence[ThemeFacts], plan: Plan, code: str) -> Plan:
    """Let a theme end; one that is new in the plan is only taken out. Raises EditRefused."""
    if code in plan.parts:
        raise EditRefused("future", "This theme is a part of a split one: change what becomes of that")
    if code not in {theme.code for theme in plan.added}:
        return _moving(now, _leaving(now, plan, code, "future"), code, (), "future")
    _refuse_awaited(now, plan, {code}, "future")
    return _sound(now, replace(plan, added=tuple(one for one in plan.added if one.code != code)), "future")


def go_on(now: Sequence[ThemeFacts], plan: Plan, code: str) -> Plan:
    """Let a theme go on after all. Raises EditRefused."""
    plan = _leaving(now, plan, code, "future")
    found = after(now, plan)
    for theme in found:
        if theme.code == code:
            try:
                clean_name(theme.name, found, code)
            except EditRefused as refused:
                raise EditRefused("future", str(refused)) from None
    return _sound(now, plan, "future")


def _moving(now: Sequence[ThemeFacts], plan: Plan, code: str, heirs: tuple[str, ...], where: str) -> Plan:
    _refuse_awaited(now, plan, {code}, where)
    return _sound(now, replace(plan, moved={**plan.moved, code: heirs}), where)


def _leaving(now: Sequence[ThemeFacts], plan: Plan, code: str, where: str) -> Plan:
    """The plan without what it says of the future of a theme of the set in force, and without its parts."""
    if code not in {theme.code for theme in now}:
        raise EditRefused(where, "Only a theme that is in force can be merged, split or retired")
    heirs = plan.moved.get(code, ())
    gone = set(heirs) if len(heirs) > 1 else set()
    moved = {one: codes for one, codes in plan.moved.items() if one != code}
    left = replace(plan, moved=moved, added=tuple(theme for theme in plan.added if theme.code not in gone))
    _refuse_awaited(now, replace(plan, moved=moved), gone, where)
    return left


def _refuse_awaited(now: Sequence[ThemeFacts], plan: Plan, codes: AbstractSet[str], where: str) -> None:
    """A theme into which another one goes has to go on."""
    names = _names(now, plan)
    for one, heirs in plan.moved.items():
        if codes & set(heirs):
            raise EditRefused(where, f"“{names[one]}” is merged into this theme: change what becomes of that first")


def _sound(now: Sequence[ThemeFacts], plan: Plan, where: str) -> Plan:
    many = len(after(now, plan))
    if many < 1:
        raise EditRefused(where, "The last theme cannot go: flags need at least one")
    # a set of one's own may have been founded with more: it may shrink step by step
    if many > max(MOST_THEMES, len(now)):
        raise EditRefused(where, f"At most {MOST_THEMES} themes fit, and these would be {many}")
    return plan


def _cleaned(wanted: Look, themes: Sequence[ThemeFacts], own: str | None) -> Look:
    return Look(clean_name(wanted.name, themes, own), clean_spine(wanted.spine or ""), clean_group(wanted.group or ""))


def _going_on(themes: Sequence[ThemeFacts], code: str) -> ThemeFacts:
    for theme in themes:
        if theme.code == code:
            return theme
    raise EditRefused("name", "This theme does not go on")


def _taken(now: Sequence[ThemeFacts], plan: Plan, used: AbstractSet[str]) -> set[str]:
    return {*used, *(theme.code for theme in (*now, *plan.added))}


def _names(now: Sequence[ThemeFacts], plan: Plan) -> dict[str, str]:
    return {theme.code: theme.name for theme in (*now, *after(now, replace(plan, moved={})), *plan.added)}


def _look(theme: ThemeFacts) -> Look:
    return Look(theme.name, theme.spine, theme.group)
