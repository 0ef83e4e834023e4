"""The organisation's colour and logo, with the contrast that they have."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, StringField, ValidationError

from concerns.areas.model import Organisation
from concerns.pages.forms import DeskForm
from concerns.pages.logos import BadLogo, Logo, colour_of, drawn_anew
from concerns.pages.theme import BLACK, ENOUGH, FOCUS, WHITE, contrast, is_colour, text_on
from concerns.people.fields import tidied
from concerns.people.settings.saving import save, stored

#: WCAG 2.2, 1.4.11: marks that must be seen
MARK_ENOUGH = 3


class LookForm(DeskForm):
    """A colour, and a picture or none."""

    colour = StringField("Colour", filters=[tidied])
    logo = FileField("Logo (optional)")
    without = BooleanField("Take the logo out")

    #: what was uploaded, drawn anew
    drawn: Logo | None = None

    def validate_colour(self, field: Field) -> None:
        if not is_colour(field.data):
            raise ValidationError("Colour: write it as six digits or letters from a to f after a #, as in #1d70b8")

    def validate_logo(self, field: Field) -> None:
        data = field.data.stream.read() if field.data else b""
        if not data:
            return
        if self.without.data:
            raise ValidationError("Choose a new logo or take the logo out, not both")
        try:
            self.drawn = drawn_anew(data)
        except BadLogo as error:
            raise ValidationError(str(error)) from error


@dataclass(frozen=True)
class Contrasts:
    """How well a colour carries what stands on it; ratios from 1 to 21, rounded down to a tenth."""

    colour: str
    text: str
    text_ratio: float
    #: of the better of the two colours of the mark that shows where the keyboard is
    focus_ratio: float

    @property
    def sentences(self) -> tuple[str, str]:
        """What the page says."""
        text = f"{self.text} text on it has a contrast of {self.text_ratio:.1f} to 1"
        mark = f"The mark that shows where the keyboard is stands out by {self.focus_ratio:.1f} to 1"
        return f"{text}. At least {ENOUGH} to 1 is needed.", f"{mark}. At least {MARK_ENOUGH} to 1 is needed."


def contrasts(colour: str) -> Contrasts:
    """What the page says of a colour."""
    text = text_on(colour)
    return Contrasts(
        colour=colour.lower(),
        text="White" if text == WHITE else "Black",
        text_ratio=_down(contrast(text, colour)),
        focus_ratio=_down(max(contrast(FOCUS, colour), contrast(BLACK, colour))),
    )


def look() -> ResponseReturnValue:
    """The page; “Show the contrast” saves nothing."""
    now = stored()
    form = LookForm(data={"colour": now.colour})

    def change(row: Organisation) -> None:
        row.colour = form.colour.data.lower()
        if form.drawn is not None:
            row.logo = form.drawn.png
        elif form.without.data:
            row.logo = None

    if form.validate_on_submit() and request.form.get("step") != "try":
        return save("look", "Colour and logo are saved", change)
    tried = form.colour.data if is_colour(form.colour.data or "") else now.colour
    page = render_template(
        "people/settings/look.html",
        form=form,
        contrasts=contrasts(tried),
        has_logo=now.logo is not None,
        faint=_faint(form.drawn, now, tried),
        # a browser never sends a file back to where it was chosen
        lost=form.drawn is not None or bool(form.logo.errors),
    )
    return page, 422 if form.errors else 200


def _faint(drawn: Logo | None, now: Organisation, colour: str) -> bool:
    """Whether the logo, the new one or the one that is kept, is hard to see on the colour."""
    if drawn is not None:
        return not drawn.stands_out(colour)
    return now.logo is not None and not Logo(now.logo, colour_of(now.logo)).stands_out(colour)


def _down(ratio: float) -> float:
    """A tenth less rather than a ratio that is not reached."""
    return int(ratio * 10) / 10
