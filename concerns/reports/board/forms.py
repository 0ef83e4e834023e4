"""What leaders type for a board paper."""

from concerns.pages.forms import DeskForm
from concerns.people.fields import optional_text, text
from concerns.reports.board.composing import Typed

#: a paragraph, and a page; in bytes of UTF-8
SHORT, LONG = 800, 4000


class PaperForm(DeskForm):
    """The four texts of a paper."""

    message = text("Message", "Write the message in a few sentences", SHORT)
    decision = text("What the board is asked to decide", "Write what the board is asked to decide", SHORT)
    changed = optional_text("What changed since last time", LONG)
    learning = optional_text("What we learnt from elsewhere, and passed on", LONG)

    @property
    def typed(self) -> Typed:
        return Typed(self.message.data, self.decision.data, self.changed.data, self.learning.data)


class FreezeForm(DeskForm):
    """A press."""
