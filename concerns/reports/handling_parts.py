"""The parts of a report that tell how flags were handled: severity, detriment, timeliness. Pure."""

from concerns.reports.handling import Handled, said_of
from concerns.reports.parts import Part

_NO_TABLE = (
    "No number is declared for this. What guardians say of it stands in their own view, in words without digits."
)
_NO_YEAR = "The table of the year is not frozen yet."


def handled_parts(found: Handled | None, *, declared: bool) -> tuple[Part, Part, Part]:
    """Severity, detriment and timeliness: numbers where the kind is declared, else a pointer to the guardians' words."""
    names = ("Severity and safety", "Detriment and the closing questions", "Timeliness")
    if found is None:
        severity, detriment, timeliness = (unhandled_part(name, declared=declared) for name in names)
        return severity, detriment, timeliness
    year, total = found.period.year, found.total
    return (
        Part(names[0], f"Severe, in {year}: {said_of(found.severe, total)}"),
        Part(names[1], f"Treated badly, or would not speak up again, in {year}: {said_of(found.discouraged, total)}"),
        Part(
            names[2],
            f"Answered in time, in {year}: {said_of(found.in_time, total)}",
            (f"Not answered in time: {said_of(found.late, total)}.",),
        ),
    )


def unhandled_part(name: str, *, declared: bool) -> Part:
    """What stands where there is no table of how flags were handled."""
    return Part(name, "In words alone", (_NO_YEAR if declared else _NO_TABLE,))
