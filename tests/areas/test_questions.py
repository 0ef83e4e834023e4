"""Which questions the form asks: what may be left out, and what no prompt may ask."""

import pytest
from flask import Flask
from flask_babel import force_locale

from concerns.areas.asking import asks
from concerns.areas.questions import OPTIONAL, PROMPTS, Questions, trouble
from concerns.pages.languages import LANGUAGES, open_languages
from concerns.people.settings.form import USUAL


@pytest.mark.parametrize(
    "odd", [{}, {"left_out": "area"}, {"left_out": ["danger", "text"]}, {"words": []}, {"words": {"en": 3}}]
)
def test_whatever_stands_in_the_row_the_form_can_be_shown(odd: dict[str, object]) -> None:
    found = Questions.read(odd)
    assert found.left_out == frozenset()
    assert found.prompt("text", "en") == ""


def test_it_is_read_as_it_was_stored() -> None:
    found = Questions(frozenset({"area", "cause"}), {"en": {"text": "What worries you?"}, "cy": {}})
    assert found.stored == {"left_out": ["cause", "area"], "words": {"en": {"text": "What worries you?"}}}
    assert Questions.read(found.stored) == Questions(found.left_out, {"en": {"text": "What worries you?"}})
    assert found.fields_left_out == {"area", "factors", "cause"}
    assert found.asks("help")
    assert not found.asks("area")


def test_what_protects_people_can_never_be_left_out() -> None:
    fields = {name for names in OPTIONAL.values() for name in names}
    assert not fields & {"danger", "text", "consent", "exclude", "code", "stamp", "receipt"}


@pytest.mark.parametrize(
    "asking",
    [
        "What is your name?",
        "Full name and ward",
        "NAME YOURSELF",
        "Who are you?",
        "Who you are and what happened",
        "Your e-mail",
        "Email address",
        "Phone number, please",
        "A mobile we can ring",
        "Your contact details",
        "Staff number",
        "Payroll no.",
        "Your NI number",
        "Date of birth",
        "DOB",
        "How old are you?",
        "What is your job?",
        "Job title",
        "Sign here",
        "Beth yw eich enw?",
        "Enw llawn",
        "Pwy ydych chi?",
        "Eich e-bost",
        "Rhif ffôn",
        "Rhif staff",
        "Dyddiad geni",
        "Teitl swydd",
        "Ｙｏｕｒ ｎａｍｅ",
        "Your_name",
        "Your  nâme",
        "Name, team, and what happened",
        "Name",
        "Name(s) of those involved",
        "Name of the person who writes",
        "What happened? Name",
        "What happened (name, ward)",
        "Please give name",
        "Write down a name",
        "Enter names here",
        "State name and what happened",
        "Put name on top",
        "Say what happened, and name",
        "What happened and name",
        "With name, or without",
        "Can we have a name?",
        "What are you called?",
        "Tell us about yourself",
        "How can we contact you?",
        "How can we reach you?",
        "When may we ring you?",
        "Contact:",
        "Which ward do you work on?",
        "Which team do you work in?",
        "What is your team?",
        "Which school are you in?",
        "Your line manager",
        "Who is your manager?",
        "Who do you report to?",
        "NHS number",
        "Smartcard number",
        "NMC number",
        "User ID",
        "Login",
        "Tel.",
        "WhatsApp",
        "Signed",
        "Age",
        "What happened, age and grade",
        "Where do you live?",
        "Give the number on your badge",
        "Enw a beth ddigwyddodd",
        "Beth ddigwyddodd, ac enw",
        "Rhowch enw",
        "Beth yw’ch enw?",
        "Sut gallwn gysylltu â chi?",
        "Ym mha ward ydych chi’n gweithio?",
        "I bwy ydych chi’n atebol?",
        "Rhif GIG",
        "Oed",
        "Eich rheolwr llinell",
    ],
)
def test_no_prompt_may_ask_who_somebody_is(asking: str) -> None:
    assert "no question may ask who somebody is" in trouble("text", asking)


@pytest.mark.parametrize(
    "fair",
    [
        "What happened, or what worries you?",
        "Beth ddigwyddodd, neu beth sy’n eich poeni?",
        "Tell us about the workplace and its rules",
        "What would make this ward safer for patients?",
        "Think of equipment, staffing, paperwork and email lists",
        "You need not name anyone, or yourself",
        "Do not name anyone",
        "Name no one",
        "Names are not needed",
        "Give the name of the ward",
        "Name of the medicine, and what went wrong",
        "Name one thing that would help",
        "Was the form signed off? Were name badges and contact with patients missing?",
        "Does the manager know? What do managers, teams and wards need?",
        "What would help your team? How many beds, and the age of each?",
        "Was a patient’s NHS record opened? Could staff not log in?",
        "Peidiwch ag enwi neb",
        "Enw’r ward a beth ddigwyddodd",
        "Ble ddigwyddodd, a phryd? Ydy’r tîm yn ddiogel?",
        "Beth fyddai’n helpu? Ŵyr y rheolwyr?",
        "Wörter mit Akzent: naïve, Łódź, Straße",
    ],
)
def test_what_asks_about_the_thing_is_fine(fair: str) -> None:
    expected = "“email”" if "email" in fair else ""
    assert (expected in trouble("text_hint", fair)) if expected else trouble("text_hint", fair) == ""


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
@pytest.mark.parametrize("name", PROMPTS)
def test_the_words_that_stand_there_otherwise_are_fine(name: str, language: str) -> None:
    app = Flask(__name__)
    open_languages(app, LANGUAGES)
    with app.test_request_context(), force_locale(language):
        usual = str(USUAL[name])
    assert (usual == "What would help? (optional)") is (name == "help" and language == "en")
    assert trouble(name, usual) == ""


@pytest.mark.parametrize(
    "sign",
    ["\u200b", "\u00ad", "\u202e", "\u2060", "\ufeff", "\u034f", "\ufe0f", "\u0332", "\u2028", "\x07", "\ue000"],
)
def test_nothing_that_cannot_be_seen_hides_a_word(sign: str) -> None:
    """With a sign in it no list finds the word, and nobody who reads it sees the sign."""
    assert asks("Your na\u200bme") == ""
    assert f"U+{ord(sign):04X}" in trouble("text", f"Your na{sign}me")
    assert f"U+{ord(sign):04X}" in trouble("text", f"What happened?{sign}")


@pytest.mark.parametrize("look_alike", ["n\u0430me", "nam\u0435", "\u039dame", "n\u0251me", "\u0274ame", "\u3164name"])
def test_nor_does_a_letter_that_looks_like_another(look_alike: str) -> None:
    assert "no letter of the Latin alphabet" in trouble("text", f"Your {look_alike}")


@pytest.mark.parametrize("apart", ["Your n a m e", "n.a.m.e", "E-n-w a beth"])
def test_nor_do_gaps(apart: str) -> None:
    assert "write words whole" in trouble("text", apart)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("x" * (PROMPTS["text"] + 3), "take out 3"),
        ("One\ntwo", "one line"),
        ("<b>What?</b>", "plain words"),
        ("See https://example.org", "plain words"),
        ("{{ 7 * 7 }}", "plain words"),
        ("[here](x)", "plain words"),
        ("&nbsp;", "plain words"),
    ],
)
def test_it_is_one_short_line_of_plain_words(said: str, why: str) -> None:
    assert why in trouble("text", said)
