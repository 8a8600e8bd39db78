"""The desk's pages of delivery, and of ballots others bring: mandates, calls, the counter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema
from werkzeug.wrappers import Response

from community import identity
from community.deliberation import permissions
from community.deliberation.models import DeliveryWay
from community.deliberation.queries import deliveries as queries
from community.deliberation.queries import papers, polls, posted_rolls
from community.deliberation.rules.poll_words import DELIVERY_WORDS
from community.deliberation.rules.polls import PollState
from community.deliberation.schemas import papers as schemas
from community.deliberation.schemas.polls import Empty
from community.deliberation.service import delivery, mandates
from community.deliberation.views.ballot_fields import field_kind, read_choice
from community.deliberation.views.blueprint import views
from community.deliberation.views.meeting_words import taken_photo
from community.kernel import clock
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, the_actor, uncounted
from community.web.extensions import db
from community.web.pdf import send_pdf
from community.web.stored_files import send_stored_file

MOST_FOUND = 12


@views.get("/desk/polls/<int:poll_id>/deliveries")
@needs(permissions.READ)
def deliveries(poll_id: int) -> str:
    """List whom the ballot has reached, those not reached first."""
    building = request.args.get("building", "")[:60]
    looked_for = request.args.get("q", "").strip()[:60]
    poll = polls.get_poll(db.session, the_actor().community_id, poll_id)
    many = queries.reached_of(db.session, the_actor(), poll_id, building)
    asked = (building, looked_for, forms.asked_number("after"))
    return render_template(
        "deliberation/desk_deliveries.html",
        poll=poll,
        on_roll=many.entries,
        looked_for=looked_for,
        page=queries.deliveries_page(db.session, the_actor(), poll_id, *asked),
        reached=many.reached,
        denied=many.denied,
        building=building,
        buildings=papers.buildings_of_roll(db.session, the_actor(), poll_id),
        words=DELIVERY_WORDS,
    )


@views.get("/desk/polls/<int:poll_id>/door-list")
@needs(permissions.OPERATE)
def door_list(poll_id: int) -> Response:
    """Draw the list that somebody takes from door to door, of one building or of all."""
    building = request.args.get("building", "")[:60]
    roll = {each.id: each for each in posted_rolls.desk_roll(db.session, the_actor(), poll_id)}
    listed = queries.deliveries_of(db.session, the_actor(), poll_id, building)
    ordered = sorted(listed, key=lambda each: (each.building, each.number))
    return send_pdf(
        f"上门名单-{poll_id}",
        "deliberation/door_list.html",
        poll=polls.get_poll(db.session, the_actor().community_id, poll_id),
        building=building,
        lines=[(each, roll[each.roll_entry_id]) for each in ordered],
        words=DELIVERY_WORDS,
        now=clock.now(),
    )


@views.get("/desk/polls/<int:poll_id>/entries/<int:roll_entry_id>")
@needs(permissions.OPERATE)
@uncounted
def desk_entry(poll_id: int, roll_entry_id: int) -> str:
    """Show an entry of the roll: its delivery, its mandate, and voting for it."""
    return _entry(poll_id, roll_entry_id, forms.Form())


@views.get("/desk/polls/<int:poll_id>/entries/<int:roll_entry_id>/<any(proof,mandate):which>")
@needs(permissions.OPERATE)
def entry_file(poll_id: int, roll_entry_id: int, which: str) -> Response:
    """Give the proof of a delivery, or the scan of a mandate."""
    return send_stored_file(
        queries.get_entry_file(db.session, the_actor(), poll_id, roll_entry_id, which)
    )


@views.post("/desk/polls/<int:poll_id>/entries/<int:roll_entry_id>/delivery")
@needs(permissions.OPERATE)
def record_delivery(poll_id: int, roll_entry_id: int) -> ResponseReturnValue:
    """Write down that the ballot was delivered."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            delivery.record_delivery,
            the_actor(),
            roll_entry_id,
            values["way"],
            values["delivered_at"],
            values["note"],
            taken_photo(is_sealed=True),
            request_key=forms.request_key(),
        )

    told = gettext("送达已登记。")
    return _on_entry(poll_id, roll_entry_id, schemas.DeliveryForm(), act, told)


@views.post("/desk/polls/<int:poll_id>/entries/<int:roll_entry_id>/mandate")
@needs(permissions.OPERATE)
def record_mandate(poll_id: int, roll_entry_id: int) -> ResponseReturnValue:
    """Record a written mandate with its scan."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            mandates.record_mandate,
            the_actor(),
            roll_entry_id,
            values["holder_id"],
            taken_photo(is_sealed=True),
            request_key=forms.request_key(),
        )

    told = gettext("委托已登记，已告诉本人。")
    return _on_entry(poll_id, roll_entry_id, schemas.MandateForm(), act, told)


@views.post("/desk/polls/<int:poll_id>/entries/<int:roll_entry_id>/mandate/vote")
@needs(permissions.OPERATE)
@uncounted
def vote_by_mandate(poll_id: int, roll_entry_id: int) -> ResponseReturnValue:
    """Enter the ballot that the holder brings."""

    def act(_: dict[str, Any]) -> None:
        pairs = _typed(poll_id)
        kernel_db.write(mandates.vote_by_mandate, the_actor(), roll_entry_id, pairs)

    return _on_entry(poll_id, roll_entry_id, Empty(), act, gettext("受托票已记入。"))


@views.post("/desk/polls/<int:poll_id>/entries/<int:roll_entry_id>/call")
@needs(permissions.OPERATE)
@uncounted
def vote_by_phone(poll_id: int, roll_entry_id: int) -> ResponseReturnValue:
    """Enter the ballot of a voter who was called."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            mandates.vote_by_phone,
            the_actor(),
            roll_entry_id,
            _typed(poll_id),
            values["called_at"],
            values["words"],
        )

    told = gettext("电话票已记入，已告诉本人。")
    return _on_entry(poll_id, roll_entry_id, schemas.PhoneForm(), act, told)


@views.post("/desk/polls/<int:poll_id>/entries/<int:roll_entry_id>/vote")
@needs(permissions.OPERATE)
@uncounted
def record_at_desk(poll_id: int, roll_entry_id: int) -> ResponseReturnValue:
    """Enter the ballot of a voter who came to the desk."""

    def act(_: dict[str, Any]) -> None:
        reason = request.form.get("reason", "").strip()[:200]
        kernel_db.write(
            mandates.record_at_desk, the_actor(), roll_entry_id, _typed(poll_id), reason
        )

    told = gettext("窗口票已记入，已告诉本人。")
    return _on_entry(poll_id, roll_entry_id, Empty(), act, told)


def _typed(poll_id: int) -> tuple[tuple[int, int], ...]:
    poll = polls.get_poll(db.session, the_actor().community_id, poll_id)
    return read_choice(poll, request.form)


def _entry(poll_id: int, roll_entry_id: int, form: forms.Form) -> str:
    here = the_actor().community_id
    poll = polls.get_poll(db.session, here, poll_id)
    # By the page's search; a form that comes back with an error brings it along.
    name = request.values.get("holder", "").strip()[:60]
    return render_template(
        "deliberation/desk_entry.html",
        holder=name,
        found=identity.search_people(db.session, here, name)[:MOST_FOUND] if name else (),
        poll=poll,
        entry=queries.get_entry(db.session, the_actor(), poll_id, roll_entry_id),
        form=form,
        fields=field_kind(poll),
        states=PollState,
        now=clock.now(),
        ways=[(way.value, DELIVERY_WORDS[way.value]) for way in DeliveryWay],
        words=DELIVERY_WORDS,
    )


def _on_entry(
    poll_id: int,
    roll_entry_id: int,
    shape: Schema,
    act: Callable[[dict[str, Any]], Any],
    told: str,
) -> ResponseReturnValue:
    def done(_: object) -> ResponseReturnValue:
        flash(told)
        place = url_for("deliberation.desk_entry", poll_id=poll_id, roll_entry_id=roll_entry_id)
        return redirect(place, 303)

    return forms.submit(shape, act, lambda form: _entry(poll_id, roll_entry_id, form), done)
