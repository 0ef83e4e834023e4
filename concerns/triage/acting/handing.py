"""Handing over the original: two guardians, a ground, a named recipient, a numbered PDF, and the reporter is told."""

import datetime as dt
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from concerns.people.access import needs, visitor
from concerns.people.fields import StepForm
from concerns.sealing.saying import said
from concerns.sealing.signing import sign_public
from concerns.sealing.text import bytes_over
from concerns.store.house import house
from concerns.triage import acts
from concerns.triage.acting import forms, pages, pairs, rules
from concerns.triage.acting.copies import HAND_OVER, along, copy_of, next_number, number_of
from concerns.triage.acting.gate import gate_of
from concerns.triage.acting.pairs import Refused, Shown
from concerns.triage.acts import Proposal
from concerns.triage.reading import Desk, Flag
from concerns.triage.showing import at_the_desk, facts

COPIED = "copied"
NO_PRINTER = "A PDF cannot be made on this machine: the library Pango is missing. Ask your admin to install it."


@needs("guardian")
@at_the_desk
def hand_over(desk: Desk, thread: str) -> ResponseReturnValue:
    """One guardian proposes, with her ground and a named recipient; another agrees, and the reporter is told."""
    flag, form = pages.flag_of(desk, thread), forms.HandOverForm()

    def content() -> dict[str, Any]:
        _may_be_handed_over(flag, form.ground.data)
        pages.must_be_fair(flag, form)
        named = {name: form[name].data for name in ("recipient", "name", "ground", "reason")}
        return named | {"along": along(flag)}

    def agree(link: str) -> None:
        ground = said(pairs.waiting(flag, HAND_OVER, link).content, "ground")
        _may_be_handed_over(flag, ground)
        if not telling.reply.data or bytes_over(telling.reply.data, rules.BRIEF_LIMIT):
            raise Refused("Write what the reporter is told, in fewer than 6,000 characters.")
        number = next_number(flag)
        pairs.agree(desk, flag, HAND_OVER, link, form.item_bytes, reply=telling.reply.data, number=number)

    telling = forms.AgreeForm(reply=_told(flag))
    page = _page(flag, form, telling)
    return pages.two_person(desk, flag, HAND_OVER, form, page, content, agree=agree)


@needs("guardian")
@at_the_desk
def copy(desk: Desk, thread: str) -> ResponseReturnValue:
    """The numbered PDF, made in memory for one of the two guardians who agreed; that she took it stands in the thread."""
    flag, form = pages.flag_of(desk, thread), StepForm()
    page = _page(flag, forms.HandOverForm(), forms.AgreeForm(reply=_told(flag)))

    def made() -> Response:
        found = _downloadable(flag, request.form.get("copy", ""))
        # what the reporter wrote since may be a word against it
        _may_be_handed_over(flag, said(found.content, "ground"))
        printed = copy_of(flag, found, pages.area_of(flag)[1], len(flag.files))
        try:
            from concerns.pages.printing import pdf_of
        except OSError as error:
            raise Refused(NO_PRINTER) from error
        pdf = pdf_of(render_template("triage/act_copy.html", copy=printed))
        # noted first: nothing is handed out that could not be noted
        act = {"do": COPIED, "to": found.link, "number": printed.number}
        pairs.write(desk, flag, act, form.item_bytes)
        name = f"copy-{printed.number}.pdf"
        return Response(
            pdf, mimetype="application/pdf", headers={"Content-Disposition": f"attachment; filename={name}"}
        )

    return pages.saving(page, made)


def last_day_of_copy(proposal: Proposal) -> dt.date | None:
    """Until when a copy may be taken; None for one that two guardians do not hold to."""
    if proposal.agreed is None or proposal.withdrawn:
        return None
    return (proposal.agreed.day or proposal.agreed.week) + dt.timedelta(days=rules.COPY_DAYS)


def _page(flag: Flag, form: forms.HandOverForm, telling: forms.AgreeForm) -> pages.Render:
    def page(**said: Any) -> str:
        shown = pairs.shown(flag, HAND_OVER)
        return pages.render(
            "triage/act_hand_over.html",
            flag,
            form=form,
            telling=telling,
            pairs=shown,
            recipients=rules.RECIPIENTS,
            grounds=rules.HAND_OVER_GROUNDS,
            number_of=number_of,
            open_until=_open_until,
            taken={one.proposal.link: _taken(flag, one) for one in shown},
            **said,
        )

    return page


def _may_be_handed_over(flag: Flag, ground: str) -> None:
    """Raises Refused where the gate does not let it through, or the ground is not there."""
    gate = gate_of(flag)
    if ground in rules.WITHOUT_ASKING:
        if gate is None or gate.stale:
            raise Refused(pages.NO_GATE)
        return
    pages.must_be_open(flag)
    agreed = gate is not None and gate.ground == "agreed"
    if ground == "consent" and flag.told("consent") != "tell" and not agreed:
        raise Refused("The reporter did not choose that, and has not agreed here. Choose another ground, or ask first.")


def _downloadable(flag: Flag, link: str) -> Proposal:
    found = next((one for one in acts.proposals(flag, HAND_OVER) if one.link == link), None)
    last = last_day_of_copy(found) if found else None
    own = sign_public(visitor().sign_seed)
    if found is None or last is None or found.agreed is None or own not in (found.entry.signer, found.agreed.signer):
        raise Refused("Only the two guardians who hold to a hand-over can take its copy.")
    if house().today() > last:
        raise Refused(f"This copy could be taken until {pairs.in_words(last)}. Propose it again if it is still needed.")
    return found


def _open_until(one: Shown) -> str:
    """Until when the visitor can take this copy, in words; empty where she cannot."""
    last = last_day_of_copy(one.proposal)
    return pairs.in_words(last) if last and one.ours and house().today() <= last else ""


def _taken(flag: Flag, one: Shown) -> list[str]:
    """Who took a copy, and when."""
    taken = [entry for entry in acts.acts(flag, COPIED) if said(entry.act, "to") == one.proposal.link]
    return [f"{entry.guardian}, {pairs.in_words(entry.day or entry.week)}" for entry in taken]


def _told(flag: Flag) -> str:
    """What the reporter is to be told of the proposal that waits, to edit."""
    waiting = next((one for one in pairs.shown(flag, HAND_OVER) if one.waits), None)
    ground = waiting.said("ground") if waiting else "harm"
    title = facts().organisation.wording.get("guardian", "guardian")
    return rules.told_of_copy(visitor().name, title, ground if ground in rules.HAND_OVER_GROUNDS else "harm")
