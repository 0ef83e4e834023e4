"""The words that reporters read beside each answer, status and weekday, ready for translation."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class Said:
    """A choice or a status in plain words, and what it means."""

    name: LazyString
    meaning: LazyString


DANGER = {
    "yes": _("Yes, or I am not sure"),
    "no": _("No"),
}

WORRIES = {
    "very": _("Very worried"),
    "fairly": _("Fairly worried"),
    "not very": _("Not very worried"),
    "not at all": _("Not at all worried"),
    "": _("Prefer not to say"),
}

CONSENTS = {
    "count": Said(
        _("Just count it"),
        _("We read it and count it. Nothing of what you wrote is used or passed on."),
    ),
    "use": Said(
        _("Use it without details"),
        _(
            "We may use what can be learnt from it, never your words, and nothing that could point to you. People will learn"
            " that at least one person raised this."
        ),
    ),
    "tell": Said(
        _("Tell the people who can fix it"),
        _(
            "We may pass on what happened, in our own words, to the people who can put it right. People will learn that at"
            " least one person raised this."
        ),
    ),
    "ask": Said(
        _("Ask me questions here"),
        _("We ask you on this website before we do anything. You need your nine words to see the questions."),
    ),
}

KINDS = {
    "risk": _("Something that could go wrong"),
    "event": _("Something that went wrong"),
    "near miss": _("Something that nearly went wrong"),
    "good catch": _("Something that went right, and should happen everywhere"),
}

FACTORS = {
    "workload": _("Workload"),
    "staffing": _("Too few people, or not the right ones"),
    "training": _("Training or supervision"),
    "equipment": _("Equipment or buildings"),
    "systems": _("Computers or records"),
    "rules": _("Rules, targets or routines"),
    "handovers": _("Handovers between people or teams"),
}

WHYS = {
    "colleagues": _("Colleagues might find out"),
    "employer": _("It might be used against me here"),
    "career": _("It might harm my career"),
    "no need": _("I see no need to give a name"),
    "time": _("It is quicker"),
    "other": _("Another reason"),
}

WISHES = {
    "": _("No"),
    "reach": _("Yes, a reader may reach me"),
    "meet": _("Yes, I would like to meet one of them"),
}

AGAIN = {
    "yes": _("Yes"),
    "no": _("No"),
    "unsure": _("I am not sure"),
}

YES_NO = {
    "yes": _("Yes"),
    "no": _("No"),
}

STATUSES = {
    "received": Said(_("We have it"), _("It is sealed and waits for the next day on which we read.")),
    "acknowledged": Said(_("We have read it"), _("Thank you. We will now find out what it needs.")),
    "assessing": Said(_("We are looking into it"), _("We are finding out what happened and why.")),
    "signposted": Said(
        _("Someone else can help better"),
        _("We cannot put this right ourselves. Our reply says who can."),
    ),
    "referred": Said(
        _("Passed to people who must look at it"),
        _("We passed on as little as we could. Our reply says to whom, and why."),
    ),
    "needs more": Said(
        _("We have a question for you"),
        _("Read it below and answer if you wish. You do not have to."),
    ),
    "being addressed": Said(_("People are putting it right"), _("Someone has been given the job to fix it.")),
    "responded": Said(_("We have answered"), _("Read what we wrote below.")),
    "concluded": Said(_("Finished"), _("We have said what was done, or why nothing was done.")),
    "relapse watch": Said(
        _("Finished, and being watched"),
        _("For some months more we check whether the problem comes back."),
    ),
    "reopened": Said(
        _("Opened again"), _("The problem came back, or we learnt something new. We are looking at it again.")
    ),
}

#: how a concern was concluded
OUTCOMES = {
    "acted": _("Something was done."),
    "partly": _("Something was done, but not all."),
    "not acted": _("Nothing was done."),
}

# as in "Gita reads on Mondays and Thursdays"
ON_DAYS = {
    "monday": _("Mondays"),
    "tuesday": _("Tuesdays"),
    "wednesday": _("Wednesdays"),
    "thursday": _("Thursdays"),
    "friday": _("Fridays"),
    "saturday": _("Saturdays"),
    "sunday": _("Sundays"),
}

#: whom a concern may be about, so that somebody else reads it
INSTEAD = {
    "guardian": _("About one of the readers"),
    "head": _("About the head or chief executive"),
    "chair": _("About the chair"),
    "admin": _("About whoever sets up this service"),
}

#: why a file is not taken
PHOTO_TROUBLES = {
    "kind": _(
        "This file is neither a JPEG nor a PNG picture. Other files can say who made them, so we take none. "
        "Write down what stands in it, or take a photo of it"
    ),
    "pixels": _("This picture is too large. Take a screenshot of it, or make it smaller, and send that"),
    "broken": _("We cannot read this picture. Open it, take a screenshot, and send that"),
}
PHOTO_LOST = _("The photo was not stored. Enter your words again in a minute, and choose the photo once more.")

#: what can be doubted of a message: of a reader's, and of one that should be the reporter's own
UNPROVEN = {
    False: _("Not proven to be from one of the people who read here. Do not trust it, and do not answer it."),
    True: _("Not proven to be from you. Somebody else may have written this in your place."),
}
BROKEN = _("Something before this is missing or was moved.")

DETRIMENT = _("You are being treated badly for speaking up.")
CLOSING = _("Your answers to the two questions at the end: %(feedback)s, %(again)s.")

TRY_AGAIN = _("We could not store it just now. Wait a minute, then press Send again. It will not be stored twice.")
FULL = _("There is no room for more in this concern just now. Try again tomorrow, with the same words.")

#: the totals of statutory returns, by their codes in the profile
FIGURES = {
    "cases": _("Concerns raised in the quarter"),
    "anonymous": _("Raised anonymously"),
    "PS": _("Element of patient safety or quality"),
    "WS": _("Element of worker safety or wellbeing"),
    "BH": _("Element of bullying or harassment"),
    "IA": _("Element of other inappropriate attitudes or behaviours"),
    "detriment": _("Detriment for speaking up indicated"),
}

#: what a change of the policy is about, by the policy's own names
RULES = {
    "quarter": _("Numbers for each quarter, and how much they may tell (ε)"),
    "year": _("Numbers for each year, and how much they may tell (ε)"),
    "handling": _("Numbers on how concerns were handled, and how much they may tell (ε)"),
    "floor": _("The smallest number that leaders see"),
    "smallest_area": _("The fewest people who work in a place that is counted alone"),
    "cutoff_days": _("Days after the end of a quarter or year before it is counted"),
    "collect_hour": _("The hour of the daily collecting"),
    "retention_months": _("Months after it came in until a concern is deleted, at most"),
    "acknowledge_days": _("Days until you get a first answer"),
    "second_reader_working_days": _("Working days until a second person reads it"),
    "update_days": _("Days between two messages to you"),
    "feedback_months": _("Months until we say what came of it"),
    "watch_months": _("Months in which we look whether it comes back"),
    "answers_show_releases": _("Numbers of reports stand on the answers page"),
}
