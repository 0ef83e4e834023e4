"""Flags that are sorted already, for what a desk learns from them."""

import datetime as dt

from concerns.triage.bundles import seal_flag_bundle
from tests.cast import Instance
from tests.triage.closing_bench import FLAG, sitting, store

ZEPPELIN = "A zeppelin came down on the lawn"


def sorted_flags(instance: Instance, *texts: str, consent: str = "use") -> None:
    """Flags of one week, sorted under one theme."""
    week = dt.date(2026, 11, 9)
    publics = instance.charter.manifest.kem_publics
    store(
        instance,
        *(
            seal_flag_bundle(
                instance.site_id,
                publics,
                {**FLAG, "text": text, "consent": consent},
                week=week,
                purge_week=week + dt.timedelta(days=730),
                sittings=[sitting(instance, week, "N12")],
            )
            for text in texts
        ),
    )
