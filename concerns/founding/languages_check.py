"""What the self-check says of the report door’s languages: whether every text is there in each of them."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from concerns.areas.queries import organisation
from concerns.founding.finding import Finding, asks
from concerns.pages.languages import ENGLISH, LANGUAGES, TRANSLATIONS
from concerns.store.house import House


def problems(house: House, translations: Path = TRANSLATIONS) -> Iterator[Finding]:
    """One line for all languages that are complete, and one for each that is not."""
    with house.stores.read_main() as main:
        chosen = organisation(main).languages
    complete = []
    for language in LANGUAGES:
        if language.code not in chosen:
            continue
        folder = translations / language.code / "LC_MESSAGES"
        if language != ENGLISH and not (folder / "messages.mo").exists():
            yield Finding("languages", False, f"The texts in {language.name} are not built: run `make install`.")
        elif language != ENGLISH and (lacking := _lacking(folder / "messages.po")):
            yield asks("languages", f"{lacking} texts are missing in {language.name}: English stands in their place.")
        else:
            complete.append(language.name)
    yield Finding("languages", True, f"Every text is there in {', '.join(complete)}.")


def _lacking(catalogue: Path) -> int:
    with catalogue.open("rb") as file:
        return sum(not one.string or one.fuzzy for one in read_po(file) if one.id)
