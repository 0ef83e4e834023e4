"""The inbox, its search, and the button that collects in a rehearsal."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from concerns.audit.service import note
from concerns.people.access import needs, visitor
from concerns.sealing.collecting import StoreBusy
from concerns.store.house import house
from concerns.triage import service
from concerns.triage.case import forms
from concerns.triage.inbox.forms import SearchForm, SieveForm, page_in, remember
from concerns.triage.inbox.order import in_order
from concerns.triage.inbox.rows import Names, grouped
from concerns.triage.inbox.searching import MOST_FOUND, found_in
from concerns.triage.inbox.sifting import GROUPS, PAGE, sift
from concerns.triage.index.service import Index, cards, texts
from concerns.triage.index.shards import CUT
from concerns.triage.insight import service as insight
from concerns.triage.reading import Desk, open_desk
from concerns.triage.showing import SHUT, Facts, at_the_desk, facts


@needs("guardian")
@at_the_desk
def inbox(desk: Desk) -> ResponseReturnValue:
    """What cannot wait first. A search is posted, so that it stands in no address; nothing of it is stored."""
    known, index, search = facts(), cards(house(), desk, visitor()), SearchForm()
    if search.validate_on_submit():
        return _found(desk, known, index, search)
    insight.learn(house(), desk, visitor(), known.themes, index)
    form = SieveForm(known.themes, known.areas, request.args)
    sieve, today = form.sieve, house().today()
    remember(sieve)
    sifted = sift(index, sieve, today, {theme.code for theme in known.themes})
    pages = max(1, -(-len(sifted.cards) // PAGE))
    number = min(page_in(request.args.get("page", "")), pages)
    shown = sifted.cards[(number - 1) * PAGE : number * PAGE]
    page = _page(
        known,
        index,
        search,
        groups=grouped(shown, index, _names(known), today),
        tabs=[(name, label, sifted.counts[name]) for name, label in GROUPS.items()],
        sieve=sieve,
        sieve_form=form,
        number=number,
        pages=pages,
    )
    return page, 422 if search.errors else 200


@needs("guardian")
def collect() -> ResponseReturnValue:
    """In a rehearsal or a pilot nobody waits for the night."""
    if not _impatient(facts()):
        abort(403)
    if forms.CollectForm().validate_on_submit():
        note(house(), visitor().person_id, "collected")
        try:
            service.collect(house(), open_desk(house()))
        except SHUT:
            return redirect(url_for("people.keys.show"))
        except StoreBusy:
            flash("Somebody was reading at the same time. Wait a moment and press the button again")
        else:
            flash("What has arrived so far is in the inbox now")
    return redirect(url_for("triage.inbox"))


def _found(desk: Desk, known: Facts, index: Index, search: SearchForm) -> str:
    told, today = texts(house(), desk, visitor()), house().today()
    threads = found_in(search.words.data, told)
    hits = in_order((card for card in index.cards if card.thread in threads), index.me, today)
    return _page(
        known,
        index,
        search,
        groups=grouped(hits[:MOST_FOUND], index, _names(known), today),
        hits=len(hits),
        most=MOST_FOUND,
        cut=sum(told.get(card.thread, "").endswith(CUT) for card in index.cards),
    )


def _page(known: Facts, index: Index, search: SearchForm, **shown: Any) -> str:
    collect_form = forms.CollectForm() if _impatient(known) else None
    return render_template("triage/inbox.html", search=search, index=index, collect_form=collect_form, **shown)


def _impatient(known: Facts) -> bool:
    """Whether nothing here was told by anybody."""
    return known.organisation.rehearsal or known.organisation.stage == "pilot"


def _names(known: Facts) -> Names:
    return Names(
        {code: area.name for area in known.areas for code in area.codes},
        {theme.code: theme.name for theme in known.themes},
    )
