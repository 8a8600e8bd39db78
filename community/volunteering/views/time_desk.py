"""The desk of the time bank: needs told by phone, visits, disputes, and grants from the pool."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel.db import write
from community.volunteering import permissions
from community.volunteering.queries import figures
from community.volunteering.queries import time_bank as queries
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.schemas import time_bank as shapes
from community.volunteering.service import coins
from community.volunteering.service import time_bank as service
from community.volunteering.views.pages import views
from community.volunteering.views.time_bank import submit_need, submit_offer
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db

DESK = permissions.TIME_DESK


@views.get("/desk/time-bank")
@needs(permissions.SEE_DESK)
def time_desk() -> str:
    """Show what is due first: disputes, visits to confirm, grants to decide."""
    return _desk(forms.Form())


@views.get("/desk/time-bank/for")
@needs(DESK)
def time_desk_for() -> str:
    """Find the resident on the telephone, then fill in the need or offer."""
    return _for(forms.Form())


@views.post("/desk/time-bank/needs")
@needs(DESK)
def desk_open_need() -> ResponseReturnValue:
    """Put in a need for somebody who called."""
    return submit_need(_for, lambda _: _done(gettext("需求已登记。")))


@views.post("/desk/time-bank/offers")
@needs(DESK)
def desk_open_offer() -> ResponseReturnValue:
    """Put in an offer for somebody who called."""
    return submit_offer(_for, lambda _: _done(gettext("服务意愿已登记。")))


@views.post("/desk/time-bank/needs/<int:need_id>/accept")
@needs(DESK)
def desk_accept_need(need_id: int) -> ResponseReturnValue:
    """Give a need to a giver who agreed by phone."""
    return forms.submit(
        shapes.Accepting(),
        lambda values: write(
            service.accept_need,
            the_actor(),
            need_id,
            values["giver_id"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("已派单。")),
    )


@views.post("/desk/time-bank/services/<int:acceptance_id>/visit")
@needs(DESK)
def desk_enter_visit(acceptance_id: int) -> ResponseReturnValue:
    """Write down when a giver came and went."""
    return forms.submit(
        shapes.VisitTimes(),
        lambda values: write(
            service.enter_visit,
            the_actor(),
            acceptance_id,
            values["started_at"],
            values["ended_at"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("已登记，请向接受服务的人核实后确认。")),
    )


@views.post("/desk/time-bank/services/<int:acceptance_id>/confirm")
@needs(DESK)
def desk_confirm(acceptance_id: int) -> ResponseReturnValue:
    """Confirm after asking the receiver."""
    return forms.submit(
        shapes.Confirming(),
        lambda values: write(
            service.confirm_service,
            the_actor(),
            acceptance_id,
            values["minutes"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("已确认，时间币已转给服务的人。")),
    )


@views.post("/desk/time-bank/services/<int:acceptance_id>/answer")
@needs(DESK)
def desk_answer(acceptance_id: int) -> ResponseReturnValue:
    """Answer a dispute."""
    return forms.submit(
        shapes.DisputeAnswer(),
        lambda values: write(
            service.answer_service_dispute,
            the_actor(),
            acceptance_id,
            values["minutes"],
            values["words"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("已答复，双方都能看到。")),
    )


@views.post("/desk/time-bank/grants")
@needs(DESK)
def desk_propose_grant() -> ResponseReturnValue:
    """Propose coins from the pool, or new ones for it."""
    return forms.submit(
        shapes.Grant(),
        lambda values: write(
            coins.propose_coin_grant,
            the_actor(),
            values["person_id"],
            values["minutes"],
            values["reason"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("已提出，等另一位工作人员批准。")),
    )


@views.post("/desk/time-bank/grants/<int:grant_id>/approve")
@needs(permissions.APPROVE)
def approve_grant(grant_id: int) -> ResponseReturnValue:
    """Grant the coins as the second person."""
    write(coins.approve_coin_grant, the_actor(), grant_id, request_key=forms.request_key())
    return _done(gettext("已批准，时间币已发放。"))


@views.post("/desk/time-bank/grants/<int:grant_id>/refuse")
@needs(permissions.APPROVE)
def refuse_grant(grant_id: int) -> ResponseReturnValue:
    """Refuse a grant with a reason."""
    return forms.submit(
        shapes.Answer(),
        lambda values: write(
            coins.refuse_coin_grant,
            the_actor(),
            grant_id,
            values["answer"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("已退回。")),
    )


def count_due() -> int:
    """Count what waits at this desk."""
    settle = queries.services_to_settle(db.session, the_actor())
    return len(settle) + len(queries.waiting_grants(db.session, community.id))


def _desk(form: forms.Form) -> str:
    actor = the_actor()
    settle = queries.services_to_settle(db.session, actor)
    running = queries.services_under_way(db.session, actor)
    open_needs = queries.open_needs(db.session, actor)
    grants = queries.waiting_grants(db.session, community.id)
    text = request.args.get("q", "")
    found = identity.search_people(db.session, community.id, text) if text else ()
    return render_template(
        "volunteering/time_desk.html",
        form=form, settle=settle, running=running, needs=open_needs, grants=grants,
        pool=figures.pool_figures(db.session, community.id), q=text, found=found,
        kinds=SERVICE_TITLES, me=actor.person_id,
        people=identity.people(db.session, community.id, {
            *(side for each in (*settle, *running) for side in (
                each.giver_id, each.need.receiver_id)),
            *(need.receiver_id for need in open_needs),
            *(grant.person_id for grant in grants if grant.person_id),
            *(grant.proposed_by for grant in grants),
        }),
    )  # fmt: skip


def _for(form: forms.Form) -> str:
    text = request.args.get("q", "")
    typed = form.value("receiver_id") or form.value("giver_id")
    person_id = forms.asked_number("person") or forms.read_number(str(typed))
    person = None
    if person_id is not None:
        person = identity.get_person(db.session, community.id, person_id)
    return render_template(
        "volunteering/time_desk_for.html",
        form=form,
        q=text,
        person=person,
        found=identity.search_people(db.session, community.id, text) if text else (),
        kinds=SERVICE_TITLES,
    )


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.time_desk"), 303)
