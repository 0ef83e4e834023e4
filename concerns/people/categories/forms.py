"""The forms in which an admin changes the themes. What they refuse is said by `themes.editing.rules`."""

from collections.abc import Sequence

from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from concerns.pages.forms import DeskForm
from concerns.people.fields import choices, text, tidied
from concerns.themes.editing.plan import Look
from concerns.themes.editing.rules import EditRefused
from concerns.themes.rules import SPINE, ThemeFacts

#: bytes of a sentence that is tried
LONGEST_TRIED = 2000
#: the largest number that a row may have
LARGEST = 2**31 - 1
ON, MERGED, SPLIT, RETIRED = "on", "merged", "split", "retired"
FUTURES = {
    ON: "It goes on",
    MERGED: "It is merged into another theme",
    SPLIT: "It is split into new themes",
    RETIRED: "It ends",
}
FUTURES_OF_NEW = {ON: "It is added", RETIRED: "It is not added"}


class CategoryForm(DeskForm):
    """Ancestor of these forms: what a step refuses stands at its field, with everything typed."""

    def refuse(self, refused: EditRefused) -> None:
        if refused.field in self:
            self[refused.field].errors = [str(refused)]
        else:
            self.form_errors.append(str(refused))


class LookForm(CategoryForm):
    """What a theme is called, and where it stands."""

    name = StringField("Name", filters=[tidied])
    group = StringField("Group", filters=[tidied])
    spine = SelectField("Sector-wide theme", choices=choices({"": "None", **SPINE}), validate_choice=False)

    @property
    def look(self) -> Look:
        return Look(self.name.data, self.spine.data or None, self.group.data or None)


class WordsForm(CategoryForm):
    """How a theme is described."""

    definition = TextAreaField("Definition", filters=[tidied])
    keywords = TextAreaField("Keywords", filters=[tidied])


class AddForm(LookForm, WordsForm):
    """A theme more."""


class FutureForm(CategoryForm):
    """What becomes of a theme."""

    future = RadioField("From 1 January", validators=[InputRequired("Choose what becomes of the theme")])
    into = SelectField("Merged into", validate_choice=False)
    parts = TextAreaField("Names of the parts", filters=[tidied])

    def __init__(self, themes: Sequence[ThemeFacts], *, new: bool, future: str, into: str, parts: str) -> None:
        super().__init__(data={"future": future, "into": into, "parts": parts})
        self.future.choices = choices(FUTURES_OF_NEW if new else FUTURES)
        self.into.choices = choices({"": "Choose a theme", **{theme.code: theme.name for theme in themes}})


class TryForm(DeskForm):
    """A sentence to try; nothing of it is kept."""

    sentence = text("A sentence as staff might write it", "Write a sentence to try", LONGEST_TRIED)


class PutBackForm(DeskForm):
    """Which of the earlier words of a theme are put back."""

    n = IntegerField(validators=[InputRequired(), NumberRange(1, LARGEST)])
