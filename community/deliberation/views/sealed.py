"""Sealed polls: casting what a browser sealed, and the desk's two ways out of waiting."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.schemas import polls as schemas
from community.deliberation.schemas.sealed import SealedForm
from community.deliberation.service import sealed, sealed_ballots
from community.deliberation.views.blueprint import views
from community.deliberation.views.poll_desk import on_poll
from community.deliberation.views.polls import vote_page
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, the_actor, uncounted


@views.post("/polls/<int:poll_id>/cast-sealed")
@needs(permissions.VOTE)
@uncounted
def cast_sealed(poll_id: int) -> ResponseReturnValue:
    """Cast what the browser has sealed, and go on to its receipt."""

    def act(values: dict[str, Any]) -> sealed_ballots.SealedReceipt:
        made: sealed_ballots.SealedReceipt = kernel_db.write(
            sealed_ballots.cast_sealed,
            the_actor(),
            poll_id,
            values["envelope"],
            values["roll_entry_id"],
        )
        return made

    def again(form: forms.Form) -> str:
        entry_id = forms.read_number(request.form.get("roll_entry_id", ""))
        form.typed = {}
        return vote_page(poll_id, entry_id, form)

    def done(made: sealed_ballots.SealedReceipt) -> ResponseReturnValue:
        flash(gettext("已投票。截止前可以再改。"))
        place = url_for(
            "deliberation.ballot_receipt", poll_id=poll_id, roll_entry_id=made.roll_entry_id
        )
        return redirect(place, 303)

    return forms.submit(SealedForm(), act, again, done)


@views.post("/desk/polls/<int:poll_id>/open-incomplete")
@needs(permissions.CONVENE)
def open_incomplete(poll_id: int) -> ResponseReturnValue:
    """Wait no longer for ballots that nobody could open."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(sealed.open_incomplete, the_actor(), poll_id, request_key=key)

    return on_poll(poll_id, schemas.Empty(), act, gettext("选票已开启，打不开的按无效公布。"))


@views.post("/desk/polls/<int:poll_id>/void")
@needs(permissions.CONVENE)
def void_poll(poll_id: int) -> ResponseReturnValue:
    """Give up a poll that its openers did not open."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(sealed.void_poll, the_actor(), poll_id, values["reason"], request_key=key)

    return on_poll(poll_id, schemas.ReasonForm(), act, gettext("已作废，理由已公布。"))
