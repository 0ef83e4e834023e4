"""The parts of a report that hold released words alone: the guardians’ own view, and what staff let others learn."""

from collections.abc import Sequence

from concerns.reports.parts import Part, Quoted

VIEW = "The guardians’ own view"


def view_part(view: Quoted | None) -> Part:
    """What guardians say of a period."""
    if view is None:
        return Part(VIEW, "The guardians have not written one")
    return Part(VIEW, "In their own words", ("Two guardians released it. No leader can change it.",), quoted=(view,))


def learnt_part(points: Sequence[Quoted], name: str = "What may be learnt") -> Part:
    """Learning points: they rest on flags whose reporters agreed, and hold no number."""
    count = len(points)
    message = (
        f"{count} learning point{'s' if count > 1 else ''} from staff" if count else "No learning point was released"
    )
    said = () if count else ("That does not mean that nothing was raised.",)
    return Part(name, message, said, quoted=tuple(points))
