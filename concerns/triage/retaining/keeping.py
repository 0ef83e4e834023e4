"""The week in clear follows what two guardians hold to: it moves once that is stored, and again wherever the flag is opened anew."""

from concerns.sealing.letting_go import keep_until, kept_until
from concerns.store.house import House
from concerns.triage.reading import Flag
from concerns.triage.retaining.holding import hold_of
from concerns.triage.retaining.rules import week_to_keep


def settle(house: House, flag: Flag) -> None:
    """Set the last week of a flag under a legal hold where it is another one: a kill came between the two stores.

    A flag that was never held is left alone, as is one that is gone. Raises whatever the store raises.
    """
    hold = hold_of(flag)
    if hold is None:
        return
    stored, week = kept_until(house.stores, flag.facts.thread_id), week_to_keep(hold.ceiling, hold.until)
    if stored not in (None, week):
        keep_until(house.stores, flag.facts.thread_id, week)
