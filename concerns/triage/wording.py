"""What reporters choose, in words for guardians; whatever else stands in a payload is shown as nothing."""

from babel import Locale, UnknownLocaleError

from concerns.triage.rules import TIERS

KINDS = {
    "risk": "Risk: it could go wrong",
    "event": "Event: it went wrong",
    "near miss": "Near miss: it nearly went wrong",
    "good catch": "Good catch: it went right, and should happen everywhere",
}
FACTORS = {
    "workload": "Workload",
    "staffing": "Too few people, or not the right ones",
    "training": "Training or supervision",
    "equipment": "Equipment or buildings",
    "systems": "Computers or records",
    "rules": "Rules, targets or routines",
    "handovers": "Handovers between people or teams",
}
#: why a reporter gives no name
WHYS = {
    "time": "It saves time",
    "no need": "They see no benefit in giving a name",
    "employer": "It could be used against them here",
    "career": "It could harm their career",
    "colleagues": "Colleagues may find out",
    "other": "Another reason",
}
#: how well a suggested theme fits
STRENGTHS = {"strong": "Fits well", "possible": "May fit", "unsure": "Not sure"}
DANGERS = {"yes": "Yes, or not sure", "no": "No"}
#: how it reached the guardian who entered it
CHANNELS = {"told": "Told in person or by phone", "paper": "On paper"}
MODES = {
    "anonymous": "Anonymous: the name is not known, or forgotten",
    "confidential": "In confidence: whoever was told knows the name and tells nobody",
    "open": "Openly: the name need not be kept back",
}
#: online nobody knows a name; whoever wishes to be reached says so in an envelope of its own
REACHABLE = "In confidence: they left a way to be reached. Open it only to get in touch"


def mode(said: str, channel: str) -> str:
    """Whether the name is known, in words."""
    return REACHABLE if (said, channel) == ("confidential", "online") else MODES.get(said, "")


WISHES = {
    "reach": "They want a guardian to be able to reach them.",
    "meet": "They would like to meet.",
}
#: what an addition of the reporter is about, as its heading
ADDITIONS = {
    "detriment": "Says they are being treated badly",
    "closing": "Answers at the end",
}
AGREES = {
    "yes": "They agree that others than the guardians are told.",
    "no": "They do not agree that anybody but the guardians is told.",
}
NOT_AGREED = "They did not say whether others than the guardians may be told: tell nobody."
FEEDBACKS = {"yes": "They had an answer.", "no": "They had no answer."}
AGAINS = {
    "yes": "They would speak up again.",
    "no": "They would not speak up again.",
    "unsure": "They are not sure that they would speak up again.",
}


def came(tier: str, channel: str) -> str:
    """How a flag came: the tier stands in clear, and what was told to a guardian says by which channel."""
    if tier == "told" and channel in CHANNELS:
        return f"{CHANNELS[channel]}, entered by a guardian"
    return TIERS.get(tier, tier)


def language(code: str) -> str:
    """The English name of the language that a flag was told in; empty for English itself and for nonsense."""
    if code in {"", "en"}:
        return ""
    try:
        return Locale.parse(code, sep="-").english_name or ""
    except (ValueError, UnknownLocaleError):
        return ""
