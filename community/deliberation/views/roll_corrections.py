"""What a voter says of the roll and of the own ballot's delivery, and the desk's answers."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.queries import deliveries, own_ballots, posted_rolls
from community.deliberation.queries import roll_corrections as queries
from community.deliberation.rules.poll_words import DELIVERY_WORDS
from community.deliberation.rules.polls import PollState
from community.deliberation.schemas import papers as schemas
from community.deliberation.service import delivery
from community.deliberation.service import roll_corrections as service
from community.deliberation.views.blueprint import views
from community.deliberation.views.poll_rolls import roll_page
from community.deliberation.views.polls import seen_poll
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/polls/<int:poll_id>/roll")
@needs(permissions.SEE)
def poll_roll(poll_id: int) -> str:
    """Show the roll as it is posted, for correction."""
    return _posted(poll_id, forms.Form())


@views.post("/polls/<int:poll_id>/roll/corrections")
@needs(permissions.VOTE)
def ask_correction(poll_id: int) -> ResponseReturnValue:
    """Ask to have one's own entry put right, or to be put on the roll."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            service.ask_correction,
            the_actor(),
            poll_id,
            values["words"],
            values["roll_entry_id"],
            request_key=forms.request_key(),
        )
        return made

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("更正申请已提交，答复会发给您。"))
        return redirect(url_for("deliberation.poll_roll", poll_id=poll_id), 303)

    return forms.submit(schemas.CorrectionForm(), act, lambda form: _posted(poll_id, form), done)


@views.post("/desk/polls/<int:poll_id>/corrections/<int:correction_id>")
@needs(permissions.CONVENE)
def answer_correction(poll_id: int, correction_id: int) -> ResponseReturnValue:
    """Answer what somebody asked."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.answer_correction,
            the_actor(),
            correction_id,
            values["answer"],
            request_key=forms.request_key(),
        )

    def done(_: object) -> ResponseReturnValue:
        flash(gettext("已答复，已告诉本人。"))
        return redirect(url_for("deliberation.desk_roll", poll_id=poll_id), 303)

    def again(form: forms.Form) -> str:
        return roll_page(poll_id, form)

    return forms.submit(schemas.CorrectionAnswerForm(), act, again, done)


@views.get("/polls/<int:poll_id>/entries/<int:roll_entry_id>/delivery")
@needs(permissions.VOTE)
def own_delivery(poll_id: int, roll_entry_id: int) -> str:
    """Show how one's own ballot came, and let its voter deny it."""
    return _delivery(poll_id, roll_entry_id, forms.Form())


@views.post("/polls/<int:poll_id>/entries/<int:roll_entry_id>/delivery")
@needs(permissions.VOTE)
def dispute_delivery(poll_id: int, roll_entry_id: int) -> ResponseReturnValue:
    """Say that one's own ballot never came."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            delivery.dispute_delivery,
            the_actor(),
            roll_entry_id,
            values["words"],
            request_key=forms.request_key(),
        )

    def done(_: object) -> ResponseReturnValue:
        flash(gettext("已记下您没有收到，工作人员会再送一次。"))
        place = url_for("deliberation.own_delivery", poll_id=poll_id, roll_entry_id=roll_entry_id)
        return redirect(place, 303)

    def again(form: forms.Form) -> str:
        return _delivery(poll_id, roll_entry_id, form)

    return forms.submit(schemas.DisputeForm(), act, again, done)


def _posted(poll_id: int, form: forms.Form) -> str:
    found = seen_poll(poll_id)
    actor = the_actor()
    return render_template(
        "deliberation/poll_roll.html",
        poll=found,
        form=form,
        entries=posted_rolls.posted_roll(db.session, actor, poll_id),
        mine=own_ballots.own_entries(db.session, actor, poll_id),
        own=queries.own_corrections(db.session, actor, poll_id),
        counts=queries.count_corrections(db.session, actor, poll_id),
        chosen=request.form.get("roll_entry_id", ""),
        states=PollState,
    )


def _delivery(poll_id: int, roll_entry_id: int, form: forms.Form) -> str:
    return render_template(
        "deliberation/own_delivery.html",
        poll=seen_poll(poll_id),
        form=form,
        delivery=deliveries.get_own_delivery(db.session, the_actor(), poll_id, roll_entry_id),
        words=DELIVERY_WORDS,
        states=PollState,
    )
