"""The inbox's forms: what to show, which stands in the address, and the search, which never does."""

from collections.abc import Sequence

from flask import request
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from concerns.areas.rules import NOT_SAID, AreaFacts
from concerns.pages.forms import DeskForm
from concerns.themes.rules import OTHER, ThemeFacts
from concerns.triage.inbox.sifting import FIRST_GROUP, GROUPS, Sieve

LONGEST_SEARCH = 200


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

    theme = SelectField("Theme", validate_choice=False)
    area = SelectField("Area", validate_choice=False)
    mine = BooleanField("Mine: handed to me, or sorted last by me")
    second = BooleanField("I can be the second reader")
    unread = BooleanField("Not read yet")

    def __init__(self, themes: Sequence[ThemeFacts], areas: Sequence[AreaFacts]) -> None:
        """Offer what the organisation has."""
        super().__init__(formdata=request.args, meta={"csrf": False})  # it changes nothing
        self.theme.choices = [
            ("", "All themes"),
            *((one.code, one.name) for one in themes),
            (OTHER, "None of these fits"),
        ]
        self.area.choices = [("", "All areas"), *((one.code, one.name) for one in areas), (NOT_SAID, "Area not said")]

    @property
    def sieve(self) -> Sieve:
        group = request.args.get("show", FIRST_GROUP)
        return Sieve(
            group=group if group in GROUPS else FIRST_GROUP,
            theme=_one_of(self.theme),
            area=_one_of(self.area),
            mine=bool(self.mine.data),
            second=bool(self.second.data),
            unread=bool(self.unread.data),
        )


def _one_of(field: SelectField) -> str:
    return str(field.data) if field.data in {code for code, _name in field.choices} else ""


def page_in(text: str) -> int:
    """The number of a page in an address, from 1; 1 for anything odd."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
