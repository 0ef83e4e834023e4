"""The inbox's forms: what to show, which stands in the address, and the search, which never does."""

from collections.abc import Sequence

from flask import session
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from concerns.areas.rules import NOT_SAID, AreaFacts
from concerns.pages.forms import DeskForm
from concerns.themes.rules import OTHER, ThemeFacts
from concerns.triage.inbox.sifting import FIRST_GROUP, GROUPS, Sieve
from concerns.triage.rules import STATUSES

LONGEST_SEARCH = 200
#: where the cookie keeps what she chose to see
LIST = "list"


class SearchForm(DeskForm):
    """Words to look for in what was told."""

    words = StringField(
        "Search in what was told",
        [
            InputRequired("Enter a word to search for"),
            Length(max=LONGEST_SEARCH, message=f"Search for at most {LONGEST_SEARCH} characters"),
        ],
    )


class SieveForm(DeskForm):
    """Filled in from the address; whatever is odd there is passed over."""

    status = SelectField("Status", validate_choice=False)
    theme = SelectField("Theme", validate_choice=False)
    area = SelectField("Area", validate_choice=False)
    mine = BooleanField("Mine: handed to me, or sorted last by me")
    second = BooleanField("I can be the second reader")
    unread = BooleanField("Not read yet")

    def __init__(self, themes: Sequence[ThemeFacts], areas: Sequence[AreaFacts], chosen: MultiDict[str, str]) -> None:
        """Offer what the organisation has."""
        super().__init__(formdata=chosen, meta={"csrf": False})  # it changes nothing
        self.group = chosen.get("show", FIRST_GROUP)
        self.codes = {area.code: frozenset(area.codes) for area in areas}
        self.status.choices = [("", "All statuses"), *STATUSES.items()]
        self.theme.choices = [
            ("", "All themes"),
            *((one.code, one.name) for one in themes),
            (OTHER, "None of these fits"),
        ]
        self.area.choices = [("", "All areas"), *((one.code, one.name) for one in areas), (NOT_SAID, "Area not said")]

    @property
    def sieve(self) -> Sieve:
        return Sieve(
            group=self.group if self.group in GROUPS else FIRST_GROUP,
            status=_one_of(self.status),
            theme=_one_of(self.theme),
            area=_one_of(self.area),
            areas=self.codes.get(_one_of(self.area), frozenset()),
            mine=bool(self.mine.data),
            second=bool(self.second.data),
            unread=bool(self.unread.data),
        )


def remember(sieve: Sieve) -> None:
    """Keep what she chose to see, so that a flag's page leads back to it, and on in it.

    It stands in her cookie for want of a better place: in a flag's address it would say what the flag is about.
    """
    if session.get(LIST, {}) != sieve.place:
        session[LIST] = sieve.place


def place() -> dict[str, str]:
    """What she chose to see when she last looked at the inbox, as its address says it."""
    return dict(session.get(LIST, {}))


def remembered(themes: Sequence[ThemeFacts], areas: Sequence[AreaFacts]) -> Sieve:
    """The same, as far as the organisation still has it."""
    return SieveForm(themes, areas, MultiDict(place())).sieve


def _one_of(field: SelectField) -> str:
    return str(field.data) if field.data in {code for code, _name in field.choices} else ""


def page_in(text: str) -> int:
    """The number of a page in an address, from 1; 1 for anything odd."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
