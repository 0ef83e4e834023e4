"""The form in which an admin drafts a change of the policy: a line for each rule, and what was typed always comes back."""

import dataclasses
import re
from fractions import Fraction
from typing import Any

from wtforms import BooleanField, StringField

from concerns.charter.loosening import KINDS, RULES, SHOWN, Rule, faults, made_of
from concerns.charter.policy import Policy
from concerns.pages.forms import DeskForm
from concerns.people.fields import tidied

_FRACTION = re.compile(r"[0-9]{1,3}(/0*[1-9][0-9]{0,2})?|[0-9]?\.[0-9]{1,2}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,4}", re.ASCII)


class PolicyForm(DeskForm):
    """Every rule of the policy by its name. `policy` is what was typed, once that makes sense, with the usual form."""

    policy: Policy | None = None

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        if not super().validate(*args, **kwargs):
            return False
        values: dict[str, Fraction] = {}
        wrong: dict[str, str] = {}
        for rule in RULES:
            typed = self[rule.name].data
            try:
                values[rule.name] = _value(rule, typed)
            except ValueError as error:
                wrong[rule.name] = str(error)
        if not wrong:
            self.policy = made_of(values)
            wrong = faults(self.policy)
        for name, sentence in wrong.items():
            self[name].errors = [sentence]
        return not wrong

    def changed(self, newest: Policy) -> Policy:
        """The policy with these rules; its form is changed on a page of its own."""
        return newest if self.policy is None else dataclasses.replace(self.policy, questions=newest.questions)


for one in RULES:
    setattr(
        PolicyForm,
        one.name,
        BooleanField(one.words) if one.name == SHOWN else StringField(one.words, filters=[tidied]),
    )


def typed(policy: Policy) -> dict[str, Any]:
    """A policy as the form shows it; a kind that is not declared is an empty line."""
    shown = {rule.name: str(rule.value(policy)) for rule in RULES}
    empty = {kind: "" for kind in KINDS if kind not in policy.kinds}
    return {**shown, **empty, SHOWN: policy.answers_show_releases}


def hint(rule: Rule, now: Policy) -> str:
    """What the rule is now, what it may be, and which way it loosens."""
    ways = {1: "More loosens, less tightens.", -1: "Less loosens, more tightens.", 0: "Neither way loosens."}
    if rule.name == SHOWN:
        return f"Now: {rule.show(now)}. Yes loosens, no tightens."
    limits = f"up to {rule.most}, or empty for none" if rule.name in KINDS else f"{rule.least} to {rule.most}"
    return f"Now: {rule.show(now)}. It may be {limits}. {ways[rule.looser]}"


def _value(rule: Rule, typed: str | bool | None) -> Fraction:
    if rule.name == SHOWN:
        return Fraction(bool(typed))
    text = "".join(str(typed or "").split())
    if rule.name in KINDS:
        if text and not _FRACTION.fullmatch(text):
            raise ValueError(f"{rule.words}: write a fraction like 1/2, or leave it empty")
        return Fraction(text or 0)
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{rule.words}: write a whole number")
    return Fraction(text)
