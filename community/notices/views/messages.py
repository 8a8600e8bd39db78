"""A person's inbox and how they want to be reached."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import outbox
from community.kernel.db import write
from community.kernel.errors import NotFound
from community.notices import service
from community.notices.queries import inbox, preference_of
from community.notices.rules import MESSAGE_TITLES
from community.notices.schemas import PreferenceForm
from community.notices.views.blueprint import place_of, views
from community.web import forms
from community.web.access import community, signed_in, the_actor
from community.web.extensions import db
from community.web.layout import safe_next


def _own_id() -> int:
    found = the_actor().subject_id
    if found is None:
        raise NotFound
    return found


@views.get("/messages")
@signed_in
def messages() -> str:
    """Show one's messages, newest first."""
    after = forms.asked_number("after")
    found = inbox(db.session, community.id, _own_id(), after)
    return render_template("notices/messages.html", inbox=found, titles=MESSAGE_TITLES)


@views.post("/messages/<int:message_id>/read")
@signed_in
def read_message(message_id: int) -> ResponseReturnValue:
    """Mark a message as read and go where it leads."""
    link: str = write(
        service.read_message, the_actor(), message_id, request_key=forms.request_key()
    )
    return redirect(safe_next(place_of(link)), 303)


@views.post("/messages/read-all")
@signed_in
def read_all_messages() -> ResponseReturnValue:
    """Mark all messages as read."""
    write(service.read_all_messages, the_actor(), request_key=forms.request_key())
    return redirect(url_for("notices.messages"), 303)


@views.get("/messages/preference")
@signed_in
def preference() -> str:
    """Show how one is reached."""
    return _preference(forms.Form())


@views.post("/messages/preference")
@signed_in
def keep_preference() -> ResponseReturnValue:
    """Keep how one wants to be reached."""

    def act(values: dict[str, Any]) -> None:
        write(
            service.keep_preference,
            the_actor(),
            values["wants_sms"],
            values["quiet_from_hour"] * 60,
            values["quiet_until_hour"] * 60,
            request_key=forms.request_key(),
        )

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("提醒方式已保存。"))
        return redirect(url_for("notices.messages"), 303)

    return forms.submit(PreferenceForm(), act, _preference, done)


def _preference(form: forms.Form) -> str:
    held = preference_of(db.session, community.id, _own_id())
    return render_template(
        "notices/preference.html",
        form=form,
        held=held,
        can_send=outbox.can_send("sms"),
        hours=[(hour, f"{hour:02d}:00") for hour in range(24)],
    )
