"""The desk: what waits for an answer first, then notices to publish, post and take back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock, files
from community.kernel.db import write
from community.notices import permissions, service
from community.notices.queries import due_objections, get_notice, notices_by_phase, postings_of
from community.notices.rules import KIND_TITLES, NoticePhase
from community.notices.schemas import PostingForm, PublishForm, WithdrawForm
from community.notices.views.blueprint import names_of, views
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db
from community.web.stored_files import read_upload

USUAL_DAYS = 7


@views.get("/desk/notices")
@needs(permissions.READ_DESK)
def desk() -> str:
    """Show objections that wait, then all notices by phase."""
    waiting = due_objections(db.session, community.id)
    phases = (NoticePhase.OPEN, NoticePhase.COMING, NoticePhase.ARCHIVED, NoticePhase.WITHDRAWN)
    listed = {each: notices_by_phase(db.session, community.id, each) for each in phases}
    return render_template(
        "notices/desk.html",
        waiting=waiting,
        people=names_of(waiting),
        listed=listed,
        postings={
            each.id: len(postings_of(db.session, community.id, each.id))
            for each in listed[NoticePhase.OPEN]
        },
        kinds=KIND_TITLES,
        can_publish=the_actor().may(permissions.PUBLISH.code),
        can_answer=the_actor().may(permissions.ANSWER.code),
    )


@views.get("/desk/notices/new")
@needs(permissions.PUBLISH)
def new_notice() -> str:
    """Show the form of a new notice."""
    return _new(forms.Form())


@views.post("/desk/notices/new")
@needs(permissions.PUBLISH)
def publish_notice() -> ResponseReturnValue:
    """Publish a notice."""

    def act(values: dict[str, Any]) -> int:
        published: int = write(
            service.publish_notice,
            the_actor(),
            values["draft"],
            request_key=forms.request_key(),
        )
        return published

    def done(notice_id: int) -> ResponseReturnValue:
        flash(gettext("公示已发布。下一步：打印张贴，并拍照记录。"))
        return redirect(url_for("notices.desk_notice", notice_id=notice_id), 303)

    return forms.submit(PublishForm(), act, _new, done)


def _new(form: forms.Form) -> str:
    start = clock.now()
    return render_template(
        "notices/new.html",
        form=form,
        kinds=[(each.value, gettext(title)) for each, title in KIND_TITLES.items()],
        opens_at=start,
        closes_at=clock.at(clock.day_of(start) + timedelta(days=USUAL_DAYS), 18),
    )


@views.get("/desk/notices/<int:notice_id>")
@needs(permissions.READ_DESK)
def desk_notice(notice_id: int) -> str:
    """Show what can be done with a notice: print, record a posting, take back."""
    return _desk_notice(notice_id, forms.Form(), forms.Form())


@views.post("/desk/notices/<int:notice_id>/posting")
@needs(permissions.PUBLISH)
def prove_posting(notice_id: int) -> ResponseReturnValue:
    """Keep the photo of a posted sheet."""

    def act(values: dict[str, Any]) -> int:
        upload = read_upload("photo")
        photo = files.take_in(upload, files.IMAGES) if upload else None
        kept: int = write(
            service.prove_posting,
            the_actor(),
            notice_id,
            values["place"],
            values["posted_at"],
            photo,
            request_key=forms.request_key(),
        )
        return kept

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("张贴已记录。"))
        return redirect(url_for("notices.desk_notice", notice_id=notice_id), 303)

    def again(form: forms.Form) -> str:
        return _desk_notice(notice_id, form, forms.Form())

    return forms.submit(PostingForm(), act, again, done)


@views.post("/desk/notices/<int:notice_id>/withdraw")
@needs(permissions.PUBLISH)
def withdraw_notice(notice_id: int) -> ResponseReturnValue:
    """Take a notice back."""

    def act(values: dict[str, Any]) -> None:
        write(
            service.withdraw_notice,
            the_actor(),
            notice_id,
            values["reason"],
            request_key=forms.request_key(),
        )

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("公示已撤回，页面上会写明原因。请同时取下张贴的纸。"))
        return redirect(url_for("notices.desk"), 303)

    def again(form: forms.Form) -> str:
        return _desk_notice(notice_id, forms.Form(), form)

    return forms.submit(WithdrawForm(), act, again, done)


def _desk_notice(notice_id: int, posting: forms.Form, withdrawal: forms.Form) -> str:
    found = get_notice(db.session, community.id, notice_id)
    return render_template(
        "notices/desk_notice.html",
        notice=found,
        postings=postings_of(db.session, community.id, notice_id),
        posting=posting,
        withdrawal=withdrawal,
        now=clock.now(),
        can_publish=the_actor().may(permissions.PUBLISH.code)
        and found.phase is not NoticePhase.WITHDRAWN,
        kinds=KIND_TITLES,
    )
