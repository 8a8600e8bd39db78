"""One's own key as an opener: made in the browser, registered here by its public half."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.db import write
from community.sealing import permissions, service
from community.sealing.queries import boxes_waiting_for, find_opener_key, get_box
from community.sealing.schemas import KeyForm
from community.sealing.views.blueprint import views
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db


@views.get("/sealing/key")
@needs(permissions.KEEP_KEY)
def own_key() -> str:
    """Show one's key and the boxes it opens, and make a new one."""
    return _own_key(forms.Form())


@views.post("/sealing/key")
@needs(permissions.KEEP_KEY)
def register_key() -> ResponseReturnValue:
    """Register a public key."""

    def act(values: dict[str, Any]) -> int:
        made: int = write(
            service.register_key,
            the_actor(),
            values["public_key"],
            request_key=forms.request_key(),
        )
        return made

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("公钥已登记，指纹已写入公开日志。请把密钥文件存两份，口令另外记好。"))
        return redirect(url_for("sealing.own_key"), 303)

    return forms.submit(KeyForm(), act, _own_key, done)


def _own_key(form: forms.Form) -> str:
    actor = the_actor()
    person_id = actor.person_id or 0
    waiting = boxes_waiting_for(db.session, community.id, person_id)
    return render_template(
        "sealing/own_key.html",
        form=form,
        key=find_opener_key(db.session, community.id, person_id),
        boxes=[get_box(db.session, community.id, each) for each in waiting],
    )
