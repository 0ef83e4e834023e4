"""Replies to begin with: plain words, thanks first, each with the status that usually goes with it.

A guardian edits them before anything is sent. What only she knows stands in square brackets, and a reply in which such
a place was left is not sent.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from babel.dates import format_date

from concerns.pages.languages import ENGLISH, Language
from concerns.triage.rules import Step


def _(text: str) -> str:
    """Mark a text to be translated."""
    return text


#: what a guardian has to put in
QUESTION = _("[your question]")
PROGRESS = _("[what has happened since]")
DONE = _("[what was done]")
NOT_DONE = _("[why not]")
BLANKS = (QUESTION, PROGRESS, DONE, NOT_DONE)
#: a letter's code in front of the number of the place that it names
TO = "signpost "

AGAIN = _("If you think of more, or something changes, come back with the same nine words and add it.")
TREATED = _("If anybody treats you badly for speaking up, tell us here as well.")


def in_english(text: str, **facts: object) -> str:
    """A text with its facts, as it stands here."""
    return text % facts if facts else text


@dataclass(frozen=True)
class Letter:
    """A reply to begin with; it is written where somebody reads it, since a list of them needs only their names."""

    name: str
    write: Callable[[], str]
    #: the status that goes with it; None where it changes nothing
    step: Step | None = None
    #: where it sends the reporter
    where: str = ""

    @property
    def text(self) -> str:
        return self.write()


@dataclass(frozen=True)
class Writer:
    """What letters are made from: who writes, in which words, and what is known by now."""

    name: str
    #: the sector's name for a guardian, and for several
    title: str
    titles: str
    #: by when the reporter hears again
    by: dt.date
    signposts: Sequence[Mapping[str, Any]] = ()
    #: why it was concluded so, as far as it is written already
    reason: str = ""
    watch_months: int = 12
    #: in which the letters are written, and what says a text in it
    language: Language = ENGLISH
    say: Callable[..., str] = in_english

    @property
    def code(self) -> str:
        return self.language.code

    @property
    def in_english(self) -> "Writer":
        """The same writer for a reporter who is answered in English."""
        return replace(self, language=ENGLISH, say=in_english)

    @property
    def blanks(self) -> tuple[str, ...]:
        """The places that a guardian has to fill in, in both languages."""
        return (*BLANKS, *map(self.say, BLANKS))

    @property
    def letters(self) -> dict[str, Letter]:
        """Every letter by its code, in the order of a list."""
        return {**self.on_the_way, **self.elsewhere, **self.at_the_end}

    @property
    def places(self) -> list[str]:
        """Where a reporter can be sent, as the organisation names it."""
        return [str(place["name"]) for place in self.signposts]

    @property
    def on_the_way(self) -> dict[str, Letter]:
        return {
            "thanks": Letter("Thank them and say what comes next", self._thanks, Step("acknowledged")),
            "question": Letter("Ask a question", self._question, Step("needs more")),
            "update": Letter("Update: say how far it is", self._update, Step("assessing")),
            "treated": Letter("Answer somebody who is treated badly", self._treated),
        }

    @property
    def elsewhere(self) -> dict[str, Letter]:
        """One for each place that the organisation names."""
        found = {}
        for number, place in enumerate(self.signposts):
            name = str(place["name"])
            found[f"{TO}{number}"] = Letter(name, partial(self._elsewhere, place), Step("signposted"), name)
        return found

    @property
    def at_the_end(self) -> dict[str, Letter]:
        return {
            "acted": Letter("Say what was done", self._acted, Step("concluded", "acted")),
            "partly": Letter("Say what was done in part", self._partly, Step("concluded", "partly")),
            "not acted": Letter("Not adopted because …", self._not_acted, Step("concluded", "not acted")),
        }

    def _thanks(self) -> str:
        _ = self.say
        return self._signed(
            _("Thank you for telling us. I have read what you wrote."),
            _("Next, I will find out what it needs. %(by)s You do not have to do anything.", by=self._by),
            self._again,
        )

    def _question(self) -> str:
        _ = self.say
        return self._signed(
            _("Thank you for telling us. To understand it better, I have a question."),
            _(QUESTION),
            _(
                "You do not have to answer. Leave out whatever could show who you are. To answer, come back with the same "
                "nine words. %(by)s",
                by=self._by,
            ),
        )

    def _update(self) -> str:
        _ = self.say
        return self._signed(
            _("Thank you for waiting. This is how far we are."),
            _(PROGRESS),
            _("It is not finished. %(by)s", by=self._by),
            self._again,
        )

    def _treated(self) -> str:
        _ = self.say
        advice = next((place for place in self.signposts if "Protect" in str(place["name"])), None)
        free = f" {self._place(advice)}." if advice else ""
        return self._signed(
            _("Thank you for telling us how you are treated. Nobody should be treated badly for speaking up."),
            _(
                "Only we, the %(titles)s, know. We tell nobody else unless you agree, or the law or somebody’s safety "
                "leaves us no choice. Tell us here what would help, and what we must not do.",
                titles=_(self.titles),
            ),
            _(
                "%(by)s We will ask you again after one month, three and six. Write down for yourself what happens, and "
                "when.",
                by=self._by,
            )
            + free,
        )

    def _elsewhere(self, place: Mapping[str, Any]) -> str:
        _ = self.say
        if self.reason:
            why = _(
                "Thank you for telling us. We cannot put this right ourselves, because: %(reason)s", reason=self.reason
            )
        else:
            why = _(
                "Thank you for telling us. We cannot put this right ourselves, and we think that others can help better."
            )
        return self._signed(
            why,
            _("Please turn to:") + f"\n{self._place(place)}",
            _(
                "We have passed nothing on to them. If they do not help, come back with the same nine words and tell us."
            ),
        )

    def _acted(self) -> str:
        _ = self.say
        return self._signed(_("Thank you for speaking up. This was done."), self.reason or _(DONE), self._watched)

    def _partly(self) -> str:
        _ = self.say
        return self._signed(
            _("Thank you for speaking up. A part of it was put right."),
            _(DONE),
            _("The rest was not done, because: %(reason)s", reason=self.reason or _(NOT_DONE)),
            self._watched,
        )

    def _not_acted(self) -> str:
        _ = self.say
        return self._signed(
            _("Thank you for speaking up. We looked at it with care. We will not do what you asked for, because:"),
            self.reason or _(NOT_DONE),
            _(
                "It was right to tell us. If you see it differently, or it happens again, come back with the same nine "
                "words. The page on help names others that you can turn to."
            ),
        )

    @property
    def _again(self) -> str:
        return f"{self.say(AGAIN)} {self.say(TREATED)}"

    @property
    def _by(self) -> str:
        _ = self.say
        return _("I will write to you here again by %(day)s.", day=format_date(self.by, "d MMMM", locale=self.code))

    @property
    def _watched(self) -> str:
        _ = self.say
        return _(
            "For %(months)s months we look whether it comes back. If it does, tell us with the same nine words. There are "
            "two short questions for you below. They help us to get better.",
            months=self.watch_months,
        )

    def _place(self, place: Mapping[str, Any]) -> str:
        return ", ".join(self.say(str(place[name])) for name in ("name", "number", "hours") if place.get(name))

    def _signed(self, *paragraphs: str) -> str:
        return "\n\n".join([*paragraphs, f"{self.name}, {self.say(self.title)}"])


def added(reply: str, letter: str) -> str:
    """The reply with a letter: what was typed stays, and the same letter is not added twice."""
    if not reply.strip():
        return letter
    return reply if letter in reply else f"{reply}\n\n{letter}"


def blank_in(reply: str, blanks: Sequence[str] = BLANKS) -> str:
    """The first place in square brackets that was left as it was; empty where there is none."""
    return next((blank for blank in blanks if blank in reply), "")
