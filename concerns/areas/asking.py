"""What in a prompt asks who somebody is, in English and in Welsh: a list of words, and signs that could hide one. Pure."""

import re
import unicodedata

#: as whole words, wherever they stand; written without accents
_ASKING = (
    *(r"(?:your|their|full|first|last|sur|fore|user|nick)[ -]?names?", r"name yourself", r"who (?:are you|you are)"),
    *(r"(?:about|describe|introduce|identify) yourself", r"about you(?=$| ?[.,;:?!])", r"your identity"),
    *(r"who is (?:writing|telling|reporting)", r"(?:you are|are you|you're) called", r"call(?:ed)? yourself"),
    *(r"signature", r"sign (?:it|this|here|below|with)", r"signed(?! (?:off|for|up|out|in)\b)", r"initials"),
    *(r"e-?mails?(?: address(?:es)?)?", r"(?:home|your|postal|work) address", r"postcode"),
    *(r"(?:tele)?phone(?: numbers?)?", r"mobile(?: numbers?)?", r"tel", r"(?:your|contact) (?:number|details)"),
    *(r"extension", r"whats ?app", r"telegram", r"facebook", r"instagram", r"snapchat", r"linkedin", r"skype"),
    *(r"(?:contact|reach|ring|call|phone|find) you", r"get (?:hold of|in touch with|back to) you"),
    *(r"contact (?:name|info(?:rmation)?|address)", r"contact(?=$| ?[:?])"),
    *(r"(?:staff|employee|payroll|pay|personnel|badge|id|works) (?:number|no\.?|id|code|card)s?", r"nmc pin"),
    r"(?:nhs|smart ?card|gmc|nmc|hcpc|registration|passport|membership) (?:number|no\.?|id|pin)s?",
    *(r"user ?ids?", r"log-?ins?", r"your (?:badge|pass|payslip|lanyard|card|id|pin|smart ?card)"),
    *(r"national insurance", r"n\.?i\.? number", r"(?:date|day|year) of birth", r"birth ?da(?:y|te)", r"dob"),
    *(r"how old", r"your (?:age|gender|sex|ethnicity|religion)", r"job title"),
    *(r"your (?:job|role|post|grade|band|title|shift|rota)", r"your (?:\w+ )?(?:manager|boss|supervisor|head)"),
    *(r"you (?:report|answer) to", r"who(?: is|'s) your", r"do you (?:work|live|sit)", r"where you live"),
    *(r"are you (?:based|employed)", r"what(?: is|'s) your (?:\w+ )?(?:ward|team|unit|department|office|school)"),
    r"(?:which|what) (?:ward|team|unit|department|office|school) (?:are|were) you",
    # Welsh
    *(r"(?:eich|dy|enw) h?enw", r"enw (?:llawn|cyntaf|olaf|defnyddiwr)", r"cyfenw", r"pwy (?:ydych|wyt|yw eich)"),
    *(r"eich galw", r"llofnod\w*", r"e-?bost", r"cyfeiriad", r"cod post", r"(?:rhif )?ffon", r"mewngofnod\w*"),
    *(r"[cg]h?ysylltu a (?:chi|thi)", r"eich (?:ffonio|cyrraedd)", r"ffonio chi", r"manylion cyswllt"),
    r"rhif (?:symudol|cyswllt|staff|cyflogres|adnabod|bathodyn|cerdyn|(?:y )?gig|(?:y )?gweithiwr|yswiriant)",
    *(r"yswiriant gwladol", r"dyddiad (?:eich )?geni", r"eich oed(?:ran)?", r"pen-?blwydd", r"teitl (?:eich )?swydd"),
    *(r"eich (?:swydd|rol|rheolwr|shifft|manylion|bathodyn|cerdyn|rhif)", r"ydych (?:chi )?(?:yn|'n) (?:gweithio|byw)"),
    *(r"ydych chi'n (?:gweithio|byw)", r"i bwy (?:ydych|rydych)"),
)
#: what may stand before a bare "name": the start of a sentence or of a place in a list, or a word that asks for it
_BEFORE = (
    r"(?:^|[.!?:;,/&+*•(\[“”\"]|(?<!\w)['‘’-]|\d\)|(?<!\w)(?:"
    r"give|write|enter|state|put|say|add|leave|include|provide|type|print|tell us|please|and|with|"
    r"rhowch|ysgrifennwch|nodwch|dywedwch|a|ac|gyda"
    r")(?: (?:us|me|down|in|here|please|first|both|all|also|a|an|the|any|own|i ni))*) ?"
)
#: a name that is nobody's, and words that tell somebody to name nobody
_FAIR = (
    r"(?:'?r| y|(?: of)? (?:the|a|an|any|each|one|two|three)) (?:ward|place|area|site|building|unit|school|home|clinic|"
    r"device|equipment|machine|system|medicine|drug|product|form|policy|rule|thing|risk|cause|reason|change)s?(?!\w)|"
    r" (?:badge|tag|band)s?(?!\w)| no ?(?:one|body|names?)(?!\w)| (?:is|are) not(?!\w)"
)
_ALONE = (
    r"age|gender|sex|ethnicity|religion|nationality|job|role|grade|pay band|numbers?|address|oed(?:ran)?|swydd|rhif"
)
_ENDS = r"(?=$| ?[.,;:?!/&)]| (?:and|or|please|a|ac|neu)(?!\w))"
_ASKS = re.compile(
    rf"(?<!\w)(?:{'|'.join(_ASKING)})(?!\w)|"
    rf"{_BEFORE}(?P<name>(?:names?|enwau|enw)(?!\w)(?!{_FAIR})|(?:{_ALONE})(?!\w){_ENDS})|"
    r"(?<!\w)(?P<asked>names?)(?= ?[:?/&]|,? please)",
    re.IGNORECASE,
)
_APART = re.compile(r"(?<!\w)(?:[^\W\d_][ .·*-]{1,2}){2,}[^\W\d_](?!\w)")
#: letters of European languages that are no ASCII letter with a mark
_FURTHER = frozenset("æœøðþßłđ")


def asks(said: str) -> str:
    """The words by which a text asks who somebody is; empty where none of the list is found."""
    found = _ASKS.search(_plain(said))
    return "" if found is None else (found["name"] or found["asked"] or found[0])


def hides(said: str) -> str:
    """What could hide a word from a reader or from `asks`, as the end of "Take out …"; empty where nothing does."""
    text = unicodedata.normalize("NFKC", said)
    for sign in said + text:
        kind = unicodedata.category(sign)
        # a mark that stays apart from its letter is none of English or Welsh
        if kind[0] == "C" or kind in ("Zl", "Zp") or (kind[0] == "M" and sign in text):
            return f"the sign U+{ord(sign):04X}: it cannot be seen, or changes how the rest is read"
        if kind[0] == "L" and sign in text and not _is_latin(sign):
            return f"“{sign}”: it is no letter of the Latin alphabet"
    apart = _APART.search(_plain(said))
    return f"the gaps in “{apart[0]}”: write words whole" if apart else ""


def _is_latin(letter: str) -> bool:
    """Whether a letter is one of a to z, with or without a mark, or one of the few further ones."""
    base = unicodedata.normalize("NFKD", letter)[0].lower()
    return (base.isascii() and base.isalpha()) or base in _FURTHER


def _plain(said: str) -> str:
    """One line without accents, with plain dashes, apostrophes and spaces, and each Welsh “'ch” as “eich”."""
    text = "".join(one for one in unicodedata.normalize("NFKD", said) if unicodedata.category(one) != "Mn")
    text = "".join("-" if unicodedata.category(one) == "Pd" else one for one in text)
    text = " ".join(text.replace("’", "'").replace("_", " ").split())
    return re.sub(r"(?<=\w)'ch(?!\w)", " eich", text)
