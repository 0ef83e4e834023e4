"""The forms of promises. Each carries an item, so that a double tap stores it once."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from concerns.learning.promises.queries import EVERYBODY
from concerns.learning.promises.rules import (
    DONE,
    ENDED,
    GIVEN_UP,
    MADE,
    MOVED,
    RESULTS,
    REVIEWED,
    STRENGTHS,
    TYPES,
    Change,
    answer_trouble,
    date_trouble,
    review_trouble,
)
from concerns.learning.promises.service import NewAction
from concerns.learning.rules import ANSWER, PART_LIMIT, PROMISE
from concerns.people.fields import StepForm, choices, day, line, one_of, optional_text, text

#: bytes of what is told of a step
BECAUSE_LIMIT = 2_000
OWNER_LENGTH = 120
#: the value that stands for no theme, since an empty one says that nothing was chosen
ALL = "all"
_THEME = "Choose the theme, or the whole organisation"
ENDS = {
    DONE: "It is done",
    ENDED: "It can end early: its exit criteria are met",
    GIVEN_UP: "We drop it",
}


def page_in(text: str) -> int:
    """The number of a page in an address, from 1; 1 for anything odd."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


class Dated(StepForm):
    """A form with dates that may still be promised."""

    def __init__(self, today: dt.date, **data: Any) -> None:
        super().__init__(**data)
        self.today = today

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        review = self.review.data if "review" in self else None
        wrong = date_trouble(self.due.data, review, self.today) if self.due.data else None
        if wrong:
            self[wrong[0]].errors = [wrong[1]]
        return good and not wrong

    def change(self, what: str, because: str = "") -> Change:
        """The step that the form describes."""
        return Change(what, self.today, self.due.data, self.review.data if "review" in self else None, because)


class ActionForm(Dated):
    """A new action."""

    theme = SelectField("What it is about", validators=[InputRequired(_THEME)])
    what = text("What we will do", "Say what you will do", PART_LIMIT)
    type = one_of("What kind of action it is", TYPES, "Choose what kind of action it is")
    strength = one_of("How strong it is", STRENGTHS, "Choose how strong it is")
    owner = line("Who owns it", "Say who owns it: a role, such as head of nursing", OWNER_LENGTH)
    exit_criteria = text("When it is enough", "Say how you will know that it is enough", PART_LIMIT)
    due = day("By when", "Say by when it is done")
    review = day("When you look at it again", "Say when you look at it again")

    def __init__(self, themes: Mapping[str, str], today: dt.date, **data: Any) -> None:
        super().__init__(today, **data)
        self.theme.choices = [SelectChoice("", "Choose one"), *choices({ALL: EVERYBODY, **themes})]

    @property
    def new(self) -> NewAction:
        theme = "" if self.theme.data == ALL else self.theme.data
        words = (self.what.data, self.type.data, self.strength.data, self.owner.data, self.exit_criteria.data)
        return NewAction(theme, *words)

    @property
    def first(self) -> Change:
        return self.change(MADE)


class ResponseForm(Dated):
    """A promise to answer a theme; its words come on a page of their own."""

    theme = SelectField("Theme", validators=[InputRequired("Choose the theme")])
    due = day("By when staff will read it", "Say by when staff will read it")

    def __init__(self, themes: Mapping[str, str], today: dt.date, **data: Any) -> None:
        super().__init__(today, **data)
        self.theme.choices = [SelectChoice("", "Choose one"), *choices(themes)]

    @property
    def first(self) -> Change:
        return self.change(MADE)


class DatesForm(Dated):
    """New dates; the old ones stay readable."""

    seen = HiddenField()
    due = day("New date by which it is done", "Say by when it is done now")
    review = day("When you look at it again")
    because = text("Why the date moves", "Say why the date moves", BECAUSE_LIMIT)

    @property
    def moved(self) -> Change:
        return self.change(MOVED, self.because.data)


class EndForm(StepForm):
    """The promise is over."""

    seen = HiddenField()
    how = one_of("How it ends", ENDS, "Choose how it ends")
    because = text(
        "What was done, which exit criteria are met, or why it is dropped",
        "Say what was done, which exit criteria are met, or why it is dropped",
        BECAUSE_LIMIT,
    )


class ReviewForm(StepForm):
    """Somebody looks at an action again: whether it worked, and how one knows."""

    seen = HiddenField()
    result = one_of("Did it work?", RESULTS, "Choose whether it worked")
    because = text("How you know", "Say how you know", BECAUSE_LIMIT)
    review = day("When you look at it again")

    def __init__(self, today: dt.date, **data: Any) -> None:
        super().__init__(**data)
        self.today = today

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        wrong = "" if self.review.errors else review_trouble(self.result.data or "", self.review.data, self.today)
        if wrong:
            self.review.errors = [wrong]
        return good and not wrong

    def reviewed(self, due: dt.date) -> Change:
        """The step that the form describes; the date by which it was to be done stays."""
        return Change(REVIEWED, self.today, due, self.review.data, self.because.data, self.result.data)


class WordsForm(StepForm):
    """Words for staff: a draft may lack any of them, what goes to the guardians may not."""

    kind = ""
    seen = HiddenField()

    @property
    def parts(self) -> dict[str, str]:
        return {name: field.data or "" for name, field in self._fields.items() if name in self.names}

    @property
    def names(self) -> tuple[str, ...]:
        return ()

    def complete(self) -> bool:
        """Whether it may go to the guardians; else the field that lacks something says so."""
        wrong = self.trouble()
        if wrong:
            self[wrong[0]].errors = [wrong[1]]
        return not wrong

    def trouble(self) -> tuple[str, str] | None:
        return None


class AnswerWordsForm(WordsForm):
    """What we know and do, what we heard, and what we decided not to do."""

    kind = ANSWER
    names = ("heard", "known", "doing", "declined")
    heard = optional_text("What we heard", PART_LIMIT)
    known = optional_text("What we know", PART_LIMIT)
    doing = optional_text("What we do", PART_LIMIT)
    declined = optional_text("What we decided not to do, and why", PART_LIMIT)

    def trouble(self) -> tuple[str, str] | None:
        return answer_trouble(self.parts)


class PromiseWordsForm(WordsForm):
    """An action in words for staff."""

    kind = PROMISE
    names = ("what", "until", "because")
    what = optional_text("What we will do", PART_LIMIT)
    until = optional_text("When it is enough", PART_LIMIT)
    because = optional_text("Why we dropped it", PART_LIMIT)

    def trouble(self) -> tuple[str, str] | None:
        return None if self.what.data else ("what", "Say what you will do")


WORDS_FORMS: Mapping[str, type[WordsForm]] = {form.kind: form for form in (AnswerWordsForm, PromiseWordsForm)}
