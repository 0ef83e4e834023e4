"""The forms of peers and of leaders who answer them."""

from concerns.learning.peers.rules import KINDS
from concerns.people.fields import StepForm, one_of, text

TEXT_LIMIT = 4_000


class NoteForm(StepForm):
    """What a peer asks or notes."""

    kind = one_of("What it is", KINDS, "Choose what it is")
    text = text("Text", "Write the text", TEXT_LIMIT)


class AnswerForm(StepForm):
    """What a leader answers."""

    text = text("Answer", "Write the answer", TEXT_LIMIT)
