"""Writes the words of a receipt for the scripts of the browser: from the same two lists that the server uses."""

from pathlib import Path

from shamir_mnemonic.wordlist import WORDLIST

from concerns.sealing.receipt import FRIGHTENING

FILE = Path(__file__).parent.parent / "concerns/static/js/sealing/words.generated.js"


def script() -> str:
    return (
        "// The SLIP-39 word list, and its words that would frighten somebody. Written by scripts/word_list.py, never by hand.\n"
        f'export const WORDS =\n  "{" ".join(WORDLIST)}";\n'
        f'export const FRIGHTENING =\n  "{" ".join(sorted(FRIGHTENING))}";\n'
    )


if __name__ == "__main__":
    FILE.write_text(script(), encoding="utf-8")
