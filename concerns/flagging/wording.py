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
        _("We may use what can be learnt from it, never your words, and nothing that could point to you."),
    ),
    "tell": Said(
        _("Tell the people who can fix it"),
        _("We may pass on what happened, in our own words, to the people who can put it right."),
    ),
    "ask": Said(
        _("Ask me questions here"),
        _("We ask you on this website before we do anything. You need your nine words to see the questions."),
    ),
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
