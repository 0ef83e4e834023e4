"""Takes a text apart into words and their stems, without remembering any word of it."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import snowballstemmer

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
#: longer runs of letters are no words; without a bound they would take their time
_LONGEST = 40
#: the only words whose stems begin otherwise than they do: die, lie, tie
_ODD = frozenset({"dying", "lying", "tying"})
#: stemming leaves a word's beginning as it is, but for a last letter that is one of these
_MAY_DIFFER = frozenset("eily")
#: words that say nothing of what a text is about; they count within phrases alone
STOP = frozenset(
    """a about above again all also although am an and another any anyone anything are aren't around as at be
    became because been being below between both but by came can can't cannot come could couldn't did didn't do
    does doesn't doing don't down during each either else etc ever everyone everything for from had hadn't has
    hasn't have haven't having he he's her here hers herself him himself his how however i i'd i'll i'm i've if
    in into is isn't it it's its itself just let like many may me might more most much must my myself no nor not
    nothing now of off on one only onto or other others ought our ours ourselves out over per put quite rather
    really shall she she's should shouldn't since so some someone something such take than that that's the their
    theirs them themselves then there there's these they they'd they'll they're they've thing things this those
    though through to too two under until up upon us use used using very via was wasn't way we we'd we'll we're
    we've well went were weren't what when where whether which while who whole whom whose why will with within
    without won't would wouldn't yes yet you you'd you'll you're you've your yours yourself
    """.split()
)
_ENGLISH = snowballstemmer.stemmer("english")


class Word(NamedTuple):
    """A word of a text: its stem, and where it stands."""

    stem: str
    start: int
    end: int
    #: it says something of what the text is about
    telling: bool


def stem(form: str) -> str:
    """The stem of a word in lower case; words that say nothing are left as they are."""
    return form if form in STOP else str(_ENGLISH.stemWord(form))


class Stems:
    """The stems that matter, and the forms in which they were met.

    Stemming takes its time, so a word of a new text is stemmed only where its beginning is that of a stem in question.
    Only `learn` remembers words: what is asked about passes through.
    """

    def __init__(
        self, of: Mapping[str, str] | None = None, beginnings: Iterable[str] = (), met: dict[str, str] | None = None
    ) -> None:
        self._of = dict(of or {})
        self._beginnings = set(beginnings)
        self._met = met

    def learn(self, text: str) -> list[Word]:
        """The words of a text that is to be remembered."""
        return [_word(*found, self._learnt(found[0])) for found in _written(text)]

    def read(self, text: str) -> list[Word]:
        """The words of a text; one that no learnt word is kin to keeps its form in place of its stem."""
        found = list(_written(text))
        stems = {form: self._known(form) for form in {form for form, _start, _end in found}}
        return [_word(form, start, end, stems[form]) for form, start, end in found]

    def counts(self, texts: Iterable[str]) -> list[Counter[str]]:
        """How often each text has each stem that says something, read as `read` does; faster, since no place is kept."""
        met: dict[str, str] = {}  # every word of all these texts is looked at once, and forgotten at the end
        return [self._count(text, met) for text in texts]

    def _count(self, text: str, met: dict[str, str]) -> Counter[str]:
        written = _WORD.findall(_plain(text))
        for one in set(written) - met.keys():
            form = _form(one)
            met[one] = self._known(form) if _tells(form) else ""
        counted = Counter(map(met.__getitem__, written))
        del counted[""]
        return counted

    def knowing(self, stems: Iterable[str], met: dict[str, str] | None = None) -> "Stems":
        """These and others that were learnt elsewhere: their words are stemmed from now on, in whatever form.

        `met` is filled with the words that are stemmed, so that no word of many texts is stemmed twice; it belongs to
        the caller, who lets go of it.
        """
        return Stems(self._of, self._beginnings.union(_beginning(one) for one in stems), met)

    @property
    def forms(self) -> Collection[str]:
        """The words that were learnt."""
        return self._of.keys()

    def _learnt(self, form: str) -> str:
        found = self._of.get(form)
        if found is None:
            found = self._of[form] = stem(form)
            if form in STOP:
                return found
            self._beginnings.add(_beginning(found))
        return found

    def _known(self, form: str) -> str:
        found = self._of.get(form)
        if found is not None:
            return found
        if form in STOP:
            return form
        if form in _ODD or any(form[:length] in self._beginnings for length in range(1, len(form) + 1)):
            return self._stemmed(form)
        return form

    def _stemmed(self, form: str) -> str:
        if self._met is None:
            return stem(form)
        if form not in self._met:
            self._met[form] = stem(form)
        return self._met[form]


def _beginning(stemmed: str) -> str:
    """How every word begins that has this stem."""
    return stemmed[:-1] if stemmed[-1] in _MAY_DIFFER else stemmed


def words(text: str) -> list[Word]:
    """The words of a text, each with its stem."""
    return Stems().learn(text)


def telling(found: Iterable[Word]) -> list[str]:
    """The stems of the words that say something."""
    return [word.stem for word in found if word.telling]


def _word(form: str, start: int, end: int, stemmed: str) -> Word:
    return Word(stemmed, start, end, _tells(form))


def _tells(form: str) -> bool:
    return form not in STOP and len(form) > 1 and not form.isdigit()


def _written(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _WORD.finditer(_plain(text)):
        yield _form(found[0]), found.start(), found.end()


def _plain(text: str) -> str:
    return text.replace("’", "'")


def _form(written: str) -> str:
    # the one stop word that is also an abbreviation: IT
    return written if written == "IT" else written.lower()[:_LONGEST]
