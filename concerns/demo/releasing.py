"""Texts that the story's guardians released beside their last frozen report: through the text check, signed by both."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from concerns.areas.queries import area_facts
from concerns.disclosure.periods import Kind
from concerns.disclosure.queries import releases
from concerns.learning.promises.service import agreed
from concerns.learning.released import Releases
from concerns.learning.rules import ANSWER, LEARNING, NARRATIVE, VIEW, Words, month_of
from concerns.learning.service import Approval, release
from concerns.learning.standing import authority, shown_keys
from concerns.sealing.signing import sign
from concerns.store.base import new_id
from concerns.store.house import House
from concerns.themes.packs import load_pack
from concerns.themes.rules import ThemeFacts
from concerns.triage.releasing.rules import numbers_in_words
from concerns.words.checking import check

NARRATIVES = (
    (
        "Most people who told us of this speak of how work is planned, and hardly of single colleagues. Where a ward or "
        "an office had a person to turn to, they say so, and the tone is calmer."
    ),
    "This comes up in many places at once. What people ask for is small: to be told earlier, and to see who decides.",
)
OUR_VIEW = (
    "People go on telling us things, and they tell us sooner. We read that as trust. What worries us is how long it takes "
    "until somebody outside our round has taken a matter on. We ask the board for one named owner for each theme."
)
POINT = (
    "Short handovers go wrong where the written note and the spoken word differ. Teams that read the note aloud together "
    "found the gap before it reached anybody."
)
ANSWERED = {
    "heard": "Several of you told us that good ideas get lost on the way to whoever could act on them.",
    "known": "Ideas reach us by many roads, and nobody looked after all of them.",
    "doing": "Each division has one person now who answers within the month. We look at how that goes each quarter.",
}


@dataclass(frozen=True)
class Signer:
    """A guardian of the story with her signing seed."""

    person_id: bytes
    sign_seed: bytes


@dataclass(frozen=True)
class Press:
    """Two guardians release a text: through the text check, signed by both. `told` is what the check compares it with."""

    signers: Sequence[Signer]
    told: Sequence[str]

    def release(self, house: House, words: Words, day: dt.date, promise_id: bytes | None = None) -> None:
        """As agreed to on a day; `promise_id` is the promise of leaders whose words they are."""
        with house.stores.write_main() as main:
            trusted = authority(main, house.directory)
            if trusted is None:
                return
            areas = [area.name for area in area_facts(main)]
            found = check(words.text, ((str(at), text) for at, text in enumerate(self.told)), areas).found
            if found or numbers_in_words(words):
                raise ValueError(f"a text of the story would be stopped: {words.text}")
            statement, text_id = words.statement(trusted.site_id), new_id()
            first, second = (Approval(one.person_id, sign(one.sign_seed, statement)) for one in self.signers[:2])
            release(main, text_id, words, (first, second), trusted, day)
            if promise_id is not None:
                agreed(main, promise_id, text_id)


def release_texts(house: House, sector: str, press: Press) -> None:
    """Narratives, the guardians' view, a learning point and an answer."""
    # what staff read waits for the calendar: agreed to a while ago, it is on their page today
    before = month_of(month_of(house.today()) - dt.timedelta(days=40))
    with house.stores.read_main() as main:
        texts = _texts(main, sector)
    for words in texts:
        press.release(house, words, before)


def _texts(main: Session, sector: str) -> list[Words]:
    """Beside the newest quarter that is frozen, and on the pages that staff read."""
    newest = next(iter(releases(main, Kind.QUARTER)), None)
    if newest is None:
        return []
    shown, period = shown_keys(newest.stored), str(newest.period)
    texts = [Words(NARRATIVE, period, key, {"text": text}) for key, text in zip(shown, NARRATIVES, strict=False)]
    texts.append(Words(VIEW, period, "", {"text": OUR_VIEW}))
    care, part = _about(sector, "CARE", "SAFE"), _about(sector, "PART", "LEAD")
    texts.append(Words(LEARNING, "", care.code, {"text": POINT}))
    heard = Releases(main).ever_showed({part.code, part.group or part.code})
    return [*texts, Words(ANSWER, "", part.code, {**ANSWERED, **({} if heard else {"heard": ""})})]


def _about(sector: str, *spines: str) -> ThemeFacts:
    """The sector's first theme with the first of these spine codes that it has."""
    themes = load_pack(sector).themes
    return next(theme for spine in spines for theme in themes if theme.spine == spine)
