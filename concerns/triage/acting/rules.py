"""The rules of acting on a flag: what the exposure gate lets through, what the just-culture questions point to, grounds."""

import datetime as dt
from collections.abc import Mapping

#: a brief, and a reason, in bytes of UTF-8: both stand in one sealed record
BRIEF_LIMIT, REASON_BYTES = 6_000, 2_000
#: how many days a brief may be read by its link
BRIEF_DAYS = {"7": "One week", "14": "Two weeks", "28": "Four weeks"}
#: how many days the copy of an original may be downloaded after the second guardian agreed
COPY_DAYS = 7

ANSWERS = {
    "no": "No. It could have come from many people",
    "generalise": "Not if it is put in general words",
    "ask": "It might. Ask the reporter first",
    "hold": "Yes. Hold it for now",
}
#: answers after which a guardian may act
OPEN = frozenset({"no", "generalise"})
KNOWERS = {
    "one": "Only the reporter, or one other person",
    "few": "A few people",
    "team": "Most of a team",
    "many": "Many people, or anybody who looks",
}
HARM, LAW = "Someone may be seriously harmed", "The law says so"
GATE_GROUNDS = {
    "choice": "What the reporter chose allows it",
    "agreed": "The reporter has agreed in this thread",
    "harm": HARM,
    "law": LAW,
}
HAND_OVER_GROUNDS = {
    "consent": "The reporter chose that the people who can fix it are told, or has agreed here",
    "harm": HARM,
    "law": LAW,
    "court": "A court orders it",
}
#: grounds on which guardians must act without asking: the gate has to be asked, and its answer does not stop them
WITHOUT_ASKING = frozenset({"harm", "law", "court"})
RECIPIENTS = {
    "safeguarding": "Safeguarding lead",
    "lado": "LADO (local authority designated officer)",
    "police": "Police",
    "investigator": "Investigator",
    "other": "Somebody else",
}
PERSON = {"no": "No: it is about how things are done", "yes": "Yes: it is about what one person did"}

ESCALATIONS = {
    "severe": "Severe harm, or the risk of it",
    "detriment": "Somebody is treated badly for speaking up",
}

KNOWN = {"yes": "Yes", "no": "No", "unknown": "We do not know yet"}
#: the five questions, in their order
FAIR_QUESTIONS = {
    "deliberate": "Did the person mean to cause harm?",
    "health": "Could the person’s own health have been the reason?",
    "foresight": "Was there a clear rule that works in practice, and did they knowingly not follow it?",
    "substitution": "Would others with the same training have done the same in that place?",
    "mitigating": "Was there anything else that made it hard to do the right thing?",
}
FAIR_RESULTS = {
    "deliberate": "This points to harm that somebody meant to do. It is no matter for learning alone: hand it to those"
    " who must look into it, and keep the reporter safe first.",
    "health": "This points to the person’s health. Offer help before anything else, and see that nobody is at risk"
    " meanwhile.",
    "system": "This points to the system around them: the rules, the training, the number of people, the tools."
    " Change that. Acting against the person would be unfair, and the next one would do the same.",
    "unknown": "Too little is known to point to anybody. Find out first, and start with the system around them.",
    "person": "This points to the person’s own choice, as far as anybody can tell now. Begin with a talk and with"
    " support, let somebody look who is not involved, and look at the system as well.",
}


def gate_trouble(answer: str, know: str, ground: str, consent: str, *, answered: bool) -> tuple[str, str] | None:
    """The field that is wrong and why; None for a decision that may stand. `answered`: the reporter wrote back here."""
    if answer == "no" and know == "one":
        return "answer", "Only one or two people could know it: acting shows who spoke. Choose another answer"
    if answer not in OPEN:
        return None
    if not ground:
        return "ground", "Choose on what ground you may act"
    if ground == "choice" and consent in {"count", "ask"}:
        return "ground", "The reporter did not choose that. Choose another ground, ask the reporter, or hold it"
    if ground == "agreed" and not answered:
        return "ground", "The reporter has not written in this thread. Ask first"
    return None


def fair_result(answers: Mapping[str, str]) -> str:
    """What the five answers point to: a code of FAIR_RESULTS, never a number."""
    if answers["deliberate"] == "yes":
        return "deliberate"
    if answers["health"] == "yes":
        return "health"
    around = answers["foresight"] == "no" or "yes" in (answers["substitution"], answers["mitigating"])
    if around:
        return "system"
    return "unknown" if "unknown" in answers.values() else "person"


def last_day_of_brief(today: dt.date, days: int) -> dt.date:
    """The Sunday on which a link ends: the day on which it was made does not follow from it."""
    last = today + dt.timedelta(days=days)
    return last + dt.timedelta(days=6 - last.weekday())


def question(name: str, title: str) -> str:
    """A question to the reporter before anybody acts, to edit before it is sent."""
    return (
        "Thank you again for telling us. We would like to do something about it, and we want to keep you safe.\n\n"
        "Some people may guess who told us. May we pass it on in general words, without details? "
        "Is there anything that we should leave out?\n\n"
        "You can answer here with your nine words. Until you do, we pass nothing on, unless someone may be seriously "
        "harmed or the law says that we must.\n\n"
        f"{name}, {title}"
    )


def told_of_copy(name: str, title: str, ground: str) -> str:
    """What the reporter is told of a hand-over, saying least; to edit before it is sent."""
    why = {
        "consent": "You said that the people who can fix it may be told.",
        "harm": "We have done this without asking you, because someone may be seriously harmed.",
        "law": "We have done this without asking you, because the law says that we must.",
        "court": "We have done this without asking you, because a court ordered it.",
    }[ground]
    return (
        f"Two of us have decided to pass on what you told us to somebody whose duty it is to act. {why}\n\n"
        "How to reach you is not passed on. If anybody treats you badly for speaking up, tell us here.\n\n"
        f"{name}, {title}"
    )
