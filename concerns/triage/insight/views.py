"""The pages on what flags show together: signals and rising words, and more flags like one flag."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from concerns.pages.forms import legible
from concerns.people.access import needs, visitor
from concerns.store.house import house
from concerns.triage.index.seeing import read_flag
from concerns.triage.index.service import cards
from concerns.triage.insight import service
from concerns.triage.insight.alike import more_like
from concerns.triage.reading import Desk
from concerns.triage.rules import first_words
from concerns.triage.showing import at_the_desk, facts, id_in

#: the longest word that is looked for, in letters
LONGEST = 40


@needs("guardian")
@at_the_desk
def signals(desk: Desk) -> ResponseReturnValue:
    """How each theme goes, and words that rise; or the flags with one of these words."""
    themes = facts().themes
    if request.method == "POST":
        # the word of a button; it stands in the body, and in no address
        return _word(desk, legible(request.form.get("word", ""))[:LONGEST])
    known = cards(house(), desk, visitor())
    service.learn(house(), desk, visitor(), themes, known)
    looks = service.looks(house(), desk, visitor(), themes, known)
    return render_template("triage/insight.html", looks=looks)


@needs("guardian")
@at_the_desk
def like(desk: Desk, thread: str) -> ResponseReturnValue:
    """Flags that have most in common with one, whatever their area and week."""
    flag = read_flag(house(), desk, visitor(), id_in(thread))
    if flag is None:
        abort(404)
    found = more_like(house(), desk, visitor(), flag)
    words = first_words(flag.told("text"))
    return render_template("triage/insight_like.html", thread=thread, words=words, found=found, **_names())


def _word(desk: Desk, word: str) -> str:
    found = service.with_word(house(), desk, visitor(), word)
    return render_template("triage/insight_word.html", word=word, cards=found, most=service.SHOWN, **_names())


def _names() -> dict[str, dict[str, str]]:
    """The names of areas and themes by code."""
    _organisation, areas, themes = facts()
    return {"areas": {one.code: one.name for one in areas}, "themes": {one.code: one.name for one in themes}}
