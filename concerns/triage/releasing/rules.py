"""The rules of texts that leave the desk: how long they may be, what each is called, and numbers written as words."""

import re

from concerns.learning.rules import ANSWER, ESCALATION, LEARNING, NARRATIVE, PROMISE, VIEW, Words

#: one text, and why it is declined, in bytes of UTF-8: all of a draft fits into its sealed box
TEXT_LIMIT, REASON_LIMIT = 4_000, 2_000
#: flags that one learning point may rest on, and flags that its page offers
MOST_NAMED, MOST_OFFERED = 20, 60

NAMES = {
    NARRATIVE: "Narrative on a theme",
    VIEW: "The guardians’ view",
    LEARNING: "Learning point",
    ANSWER: "Answer to a theme",
    ESCALATION: "Words for leaders",
    PROMISE: "Promise to staff",
}
#: what a guardian may write on these pages; words for leaders are written on a flag's own page
WRITTEN = (NARRATIVE, VIEW, LEARNING, ANSWER)
PART_NAMES = {
    "text": "Text",
    "heard": "What we heard",
    "known": "What we know",
    "doing": "What we do",
    "declined": "What we decided not to do, and why",
    "what": "What we will do",
    "until": "When it is enough",
    "because": "Why we dropped it",
}

#: reporters who chose one of these were told that what can be learnt may be used
CONSENTED = frozenset({"use", "tell"})
#: with this one they wanted to be asked first
ASKED_FIRST = "ask"

_NUMBER = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?|thousands?|half|twice)\b",
    re.IGNORECASE,
)


def numbers_in_words(words: Words) -> list[str]:
    """Numbers that are written as words, in whatever says what was told. What an organisation does may be counted."""
    told = words.parts.get("heard", "") if words.kind in (ANSWER, PROMISE) else words.text
    return list(dict.fromkeys(found[0] for found in _NUMBER.finditer(told)))
