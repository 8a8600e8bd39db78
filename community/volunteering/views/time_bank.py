"""Pages of the time bank for residents: needs, offers, services, gifts and the public pool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel.db import write
from community.volunteering import permissions
from community.volunteering.queries import balances, rule_sets
from community.volunteering.queries import time_bank as queries
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.rules.time_bank import Proof, ServiceState
from community.volunteering.schemas import time_bank as shapes
from community.volunteering.service import needs as needs_service
from community.volunteering.service import time_bank as service
from community.volunteering.views.pages import views
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db
from community.web.security import allow_wasm

OWN = permissions.TIME_BANK
Again = Callable[[forms.Form], str]
Done = Callable[[int], ResponseReturnValue]


@views.get("/time-bank")
@needs(OWN)
def time_bank_home() -> str:
    """Show what is mine first, then who needs help near me, then what others offer."""
    actor = the_actor()
    services = queries.my_services(db.session, actor)
    open_needs = queries.open_needs(db.session, actor)
    offers = queries.open_offers(db.session, actor)
    mine = actor.subject_id or 0
    return render_template(
        "volunteering/time_bank.html",
        services=services,
        needs=[need for need in open_needs if need.receiver_id != mine],
        my_needs=queries.my_needs(db.session, community.id, mine),
        offers=[offer for offer in offers if offer.giver_id != mine],
        my_offers=queries.my_offers(db.session, community.id, mine),
        coins=balances.coins_of(db.session, community.id, mine),
        people=_people(
            *(need.receiver_id for need in open_needs),
            *(offer.giver_id for offer in offers),
            *(side for each in services for side in (each.giver_id, each.need.receiver_id)),
        ),
        mine=mine,
        kinds=SERVICE_TITLES,
        rules=rule_sets.find_rule_set_on(db.session, community.id, clock.today()),
    )


@views.get("/time-bank/needs/new")
@needs(OWN)
def new_need() -> str:
    """Show the form of a need, filled in from an offer when one asks its giver."""
    typed: dict[str, Any] = {}
    offer_id = forms.asked_number("offer")
    if offer_id:
        offer = queries.get_offer(db.session, the_actor(), offer_id)
        typed = {"kind": offer.kind.value, "minutes": str(offer.minutes), "words": offer.words}
    return _need_form(forms.Form(typed))


@views.post("/time-bank/needs/new")
@needs(OWN)
def open_need() -> ResponseReturnValue:
    """Put in a need."""
    return submit_need(
        _need_form,
        lambda need_id: _go(
            "volunteering.need", gettext("已发布，有人接单会马上告诉您。"), need_id=need_id
        ),
    )


@views.get("/time-bank/needs/<int:need_id>")
@needs(OWN)
def need(need_id: int) -> str:
    """Show one need with what it pays."""
    found = queries.get_need(db.session, the_actor(), need_id)
    return render_template(
        "volunteering/need.html",
        need=found,
        people=_people(found.receiver_id),
        mine=the_actor().subject_id,
        kinds=SERVICE_TITLES,
        form=forms.Form(),
    )


@views.post("/time-bank/needs/<int:need_id>/accept")
@needs(OWN)
def accept_need(need_id: int) -> ResponseReturnValue:
    """Take a need on."""
    mine = the_actor().subject_id
    made = write(service.accept_need, the_actor(), need_id, mine, request_key=forms.request_key())
    return _go("volunteering.time_service", gettext("已接单，谢谢您。"), acceptance_id=made)


@views.post("/time-bank/needs/<int:need_id>/cancel")
@needs(OWN)
def cancel_need(need_id: int) -> ResponseReturnValue:
    """Withdraw a need."""
    reason = request.form.get("reason", "").strip()[:200] or gettext("不需要了")
    write(
        needs_service.cancel_need, the_actor(), need_id, reason,
        request_key=forms.request_key(),
    )  # fmt: skip
    return _go("volunteering.time_bank_home", gettext("已取消这个需求。"))


@views.get("/time-bank/offers/new")
@needs(OWN)
def new_offer() -> str:
    """Show the form of an offer."""
    return _offer_form(forms.Form())


@views.post("/time-bank/offers/new")
@needs(OWN)
def open_offer() -> ResponseReturnValue:
    """Say what one is willing to do."""
    return submit_offer(
        _offer_form,
        lambda _: _go("volunteering.time_bank_home", gettext("已发布，谢谢您愿意帮忙。")),
    )


@views.post("/time-bank/offers/<int:offer_id>/close")
@needs(OWN)
def close_offer(offer_id: int) -> ResponseReturnValue:
    """Stop offering."""
    write(needs_service.close_offer, the_actor(), offer_id, request_key=forms.request_key())
    return _go("volunteering.time_bank_home", gettext("已停止提供。"))


@views.get("/time-bank/services/<int:acceptance_id>")
@allow_wasm
@needs(OWN)
def time_service(acceptance_id: int) -> str:
    """Show a service: its station, and what I can do now."""
    return _service(acceptance_id, forms.Form())


@views.post("/time-bank/services/<int:acceptance_id>/<any(arrive, leave):step>")
@allow_wasm
@needs(OWN)
def visit(acceptance_id: int, step: str) -> ResponseReturnValue:
    """Check in or out at the receiver's door."""

    def act(values: dict[str, Any]) -> None:
        proof, code = values["proof"], values["code"]
        key = forms.request_key()
        if step == "arrive":
            write(service.arrive, the_actor(), acceptance_id, proof, code, request_key=key)
        else:
            write(service.leave, the_actor(), acceptance_id, proof, code, request_key=key)

    done = gettext("已签到，辛苦了。") if step == "arrive" else gettext("已签退，辛苦了。")
    return forms.submit(
        shapes.Visit(),
        act,
        lambda form: _service(acceptance_id, form),
        lambda _: _go("volunteering.time_service", done, acceptance_id=acceptance_id),
    )


@views.post("/time-bank/services/<int:acceptance_id>/confirm")
@needs(OWN)
def confirm_service(acceptance_id: int) -> ResponseReturnValue:
    """Confirm the minutes as the receiver."""
    return forms.submit(
        shapes.Confirming(),
        lambda values: write(
            service.confirm_service,
            the_actor(),
            acceptance_id,
            values["minutes"],
            request_key=forms.request_key(),
        ),
        lambda form: _service(acceptance_id, form),
        lambda _: _go(
            "volunteering.time_service",
            gettext("已确认，时间币已转给对方。"),
            acceptance_id=acceptance_id,
        ),
    )


@views.post("/time-bank/services/<int:acceptance_id>/dispute")
@needs(OWN)
def dispute_service(acceptance_id: int) -> ResponseReturnValue:
    """Say that the record is not what happened."""
    return forms.submit(
        shapes.Disputing(),
        lambda values: write(
            service.dispute_service,
            the_actor(),
            acceptance_id,
            values["words"],
            request_key=forms.request_key(),
        ),
        lambda form: _service(acceptance_id, form),
        lambda _: _go(
            "volunteering.time_service",
            gettext("已交社区核实，结果会告诉双方。"),
            acceptance_id=acceptance_id,
        ),
    )


@views.post("/time-bank/services/<int:acceptance_id>/cancel")
@needs(OWN)
def cancel_service(acceptance_id: int) -> ResponseReturnValue:
    """Step back before the visit."""
    return forms.submit(
        shapes.Reason(),
        lambda values: write(
            service.cancel_service,
            the_actor(),
            acceptance_id,
            values["reason"],
            request_key=forms.request_key(),
        ),
        lambda form: _service(acceptance_id, form),
        lambda _: _go("volunteering.time_bank_home", gettext("已取消，需求重新开放。")),
    )


def submit_need(again: Again, done: Done) -> ResponseReturnValue:
    """Read a need, one's own or a caller's, and put it in."""
    return forms.submit(
        shapes.Need(),
        lambda values: write(
            needs_service.open_need,
            the_actor(),
            values["draft"],
            request_key=forms.request_key(),
        ),
        again,
        done,
    )


def submit_offer(again: Again, done: Done) -> ResponseReturnValue:
    """Read an offer, one's own or a caller's, and put it in."""
    return forms.submit(
        shapes.Offer(),
        lambda values: write(
            needs_service.open_offer,
            the_actor(),
            values["draft"],
            request_key=forms.request_key(),
        ),
        again,
        done,
    )


def _need_form(form: forms.Form) -> str:
    mine = the_actor().subject_id or 0
    rules = rule_sets.find_rule_set_on(db.session, community.id, clock.today())
    spouse = None
    if rules and rules.rules.time_bank.may_redeem_for_spouse:
        spouse = identity.spouse_of(db.session, community.id, mine)
    me = identity.get_person(db.session, community.id, mine)
    return render_template(
        "volunteering/need_form.html",
        form=form,
        me=me,
        spouse=identity.get_person(db.session, community.id, spouse) if spouse else None,
        coins=balances.coins_of(db.session, community.id, mine),
        kinds=SERVICE_TITLES,
        rules=rules,
    )


def _offer_form(form: forms.Form) -> str:
    return render_template(
        "volunteering/offer_form.html",
        form=form,
        mine=the_actor().subject_id,
        kinds=SERVICE_TITLES,
    )


def _service(acceptance_id: int, form: forms.Form) -> str:
    found = queries.get_service(db.session, the_actor(), acceptance_id)
    mine = the_actor().subject_id
    return render_template(
        "volunteering/time_service.html",
        form=form,
        service=found,
        is_giver=mine == found.giver_id,
        is_receiver=mine == found.need.receiver_id,
        people=_people(found.giver_id, found.need.receiver_id),
        stations=_stations(found.state),
        kinds=SERVICE_TITLES,
        proofs=[Proof.PHONE_CODE, Proof.CARD, Proof.GIVER],
    )


def _stations(state: ServiceState) -> list[tuple[str, str]]:
    titles = (
        (ServiceState.AGREED, gettext("已约定")),
        (ServiceState.STARTED, gettext("服务中")),
        (ServiceState.ENDED, gettext("待确认")),
        (ServiceState.CONFIRMED, gettext("已完成")),
    )
    if state is ServiceState.CANCELLED:
        return [(gettext("已取消"), "now")]
    order = [each for each, _ in titles]
    at = order.index(ServiceState.ENDED if state is ServiceState.DISPUTED else state)
    is_over = state is ServiceState.CONFIRMED
    return [
        (title, "done" if place < at or is_over else "now" if place == at else "")
        for place, (_, title) in enumerate(titles)
    ]


def _people(*ids: int) -> dict[int, identity.PersonCard]:
    return identity.people(db.session, community.id, set(ids))


def _go(endpoint: str, sentence: str, **address: Any) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for(endpoint, **address), 303)
