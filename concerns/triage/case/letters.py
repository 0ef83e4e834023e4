"""Replies to begin with: plain words, thanks first, each with the status that usually goes with it.

A guardian edits them before anything is sent. What only she knows stands in square brackets, and a reply in which such
a place was left is not sent.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concerns.triage.rules import Step

#: what a guardian has to put in
QUESTION = "[your question]"
PROGRESS = "[what has happened since]"
DONE = "[what was done]"
NOT_DONE = "[why not]"
BLANKS = (QUESTION, PROGRESS, DONE, NOT_DONE)
#: a letter's code in front of the number of the place that it names
TO = "signpost "

AGAIN = "If you think of more, or something changes, come back with the same nine words and add it. "
TREATED = "If anybody treats you badly for speaking up, tell us here as well."


@dataclass(frozen=True)
class Letter:
    """A reply to begin with."""

    name: str
    text: str
    #: the status that goes with it; None where it changes nothing
    step: Step | None = None
    #: where it sends the reporter
    where: str = ""


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

    @property
    def letters(self) -> dict[str, Letter]:
        """Every letter by its code, in the order of a list."""
        return {**self.on_the_way, **self.elsewhere, **self.at_the_end}

    @property
    def on_the_way(self) -> dict[str, Letter]:
        return {
            "thanks": Letter("Thank them and say what comes next", self._thanks(), Step("acknowledged")),
            "question": Letter("Ask a question", self._question(), Step("needs more")),
            "update": Letter("Update: say how far it is", self._update(), Step("assessing")),
            "treated": Letter("Answer somebody who is treated badly", self._treated()),
        }

    @property
    def elsewhere(self) -> dict[str, Letter]:
        """One for each place that the organisation names."""
        return {
            f"{TO}{number}": Letter(str(place["name"]), self._elsewhere(place), Step("signposted"), str(place["name"]))
            for number, place in enumerate(self.signposts)
        }

    @property
    def at_the_end(self) -> dict[str, Letter]:
        return {
            "acted": Letter("Say what was done", self._acted(), Step("concluded", "acted")),
            "partly": Letter("Say what was done in part", self._partly(), Step("concluded", "partly")),
            "not acted": Letter("Not adopted because …", self._not_acted(), Step("concluded", "not acted")),
        }

    def _thanks(self) -> str:
        return self._signed(
            "Thank you for telling us. I have read what you wrote.",
            f"Next, I will find out what it needs. {self._by} You do not have to do anything.",
            AGAIN + TREATED,
        )

    def _question(self) -> str:
        return self._signed(
            "Thank you for telling us. To understand it better, I have a question.",
            QUESTION,
            "You do not have to answer. Leave out whatever could show who you are. "
            f"To answer, come back with the same nine words. {self._by}",
        )

    def _update(self) -> str:
        return self._signed(
            "Thank you for waiting. This is how far we are.",
            PROGRESS,
            f"It is not finished. {self._by}",
            AGAIN + TREATED,
        )

    def _treated(self) -> str:
        advice = next((place for place in self.signposts if "Protect" in str(place["name"])), None)
        free = f" {_place(advice)}." if advice else ""
        return self._signed(
            "Thank you for telling us how you are treated. Nobody should be treated badly for speaking up.",
            f"Only we, the {self.titles}, know. We tell nobody else unless you agree, or the law or somebody’s safety "
            "leaves us no choice. Tell us here what would help, and what we must not do.",
            f"{self._by} We will ask you again after one month, three and six. Write down for yourself what happens, and "
            f"when.{free}",
        )

    def _elsewhere(self, place: Mapping[str, Any]) -> str:
        because = f"because: {self.reason}" if self.reason else "and we think that others can help better."
        return self._signed(
            f"Thank you for telling us. We cannot put this right ourselves, {because}",
            f"Please turn to:\n{_place(place)}",
            "We have passed nothing on to them. If they do not help, come back with the same nine words and tell us.",
        )

    def _acted(self) -> str:
        return self._signed("Thank you for speaking up. This was done.", self.reason or DONE, self._watched)

    def _partly(self) -> str:
        return self._signed(
            "Thank you for speaking up. A part of it was put right.",
            DONE,
            f"The rest was not done, because: {self.reason or NOT_DONE}",
            self._watched,
        )

    def _not_acted(self) -> str:
        return self._signed(
            "Thank you for speaking up. We looked at it with care. We will not do what you asked for, because:",
            self.reason or NOT_DONE,
            "It was right to tell us. If you see it differently, or it happens again, come back with the same nine words. "
            "The page on help names others that you can turn to.",
        )

    @property
    def _by(self) -> str:
        return f"I will write to you here again by {self.by.day} {self.by:%B}."

    @property
    def _watched(self) -> str:
        return (
            f"For {self.watch_months} months we look whether it comes back. If it does, tell us with the same nine words. "
            "There are two short questions for you below. They help us to get better."
        )

    def _signed(self, *paragraphs: str) -> str:
        return "\n\n".join([*paragraphs, f"{self.name}, {self.title}"])


def added(reply: str, letter: str) -> str:
    """The reply with a letter: what was typed stays, and the same letter is not added twice."""
    if not reply.strip():
        return letter
    return reply if letter in reply else f"{reply}\n\n{letter}"


def blank_in(reply: str) -> str:
    """The first place in square brackets that was left as it was; empty where there is none."""
    return next((blank for blank in BLANKS if blank in reply), "")


def _place(place: Mapping[str, Any]) -> str:
    return ", ".join(str(place[name]) for name in ("name", "number", "hours") if place.get(name))
