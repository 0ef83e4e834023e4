"""Gathers the public facts that the page foresees from: the policy in force, or the one that set-up declares."""

from dataclasses import dataclass

from concerns.areas.queries import area_facts, organisation
from concerns.areas.rules import AreaFacts, total_staff
from concerns.charter import service as charter
from concerns.charter.policy import Policy
from concerns.charter.versions import YearRules
from concerns.charter.wanted import with_wishes
from concerns.disclosure.budget import kinds_for
from concerns.disclosure.facts import public_facts
from concerns.disclosure.foreseeing.foresight import Foresight, foresee, small
from concerns.store.house import House


@dataclass(frozen=True)
class Page:
    foresight: Foresight
    #: areas that are too small to be told alone
    small: list[AreaFacts]
    #: whether the policy is signed; else these are the kinds that set-up declares
    signed: bool


def page_of(house: House) -> Page:
    """Raises CharterRefused where the signed policy cannot be trusted."""
    with house.stores.read_main() as main:
        areas = area_facts(main)
        try:
            policy, signed = charter.current(main, house.directory).policy_on(house.today()), True
        except charter.NotOpenYet:
            found = organisation(main)
            usual = Policy(kinds=kinds_for(found.flags_per_year, total_staff(areas)))
            policy, signed = with_wishes(usual, found.rules_wanted), False
        facts = public_facts(main, YearRules(policy), house.today().year)
    foresight = foresee(facts, policy.kinds)
    return Page(foresight, small(areas, foresight.smallest), signed)
