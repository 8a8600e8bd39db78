"""A panel member's own sheet on a phone, and a bidder's word on its low price."""

from __future__ import annotations

import re
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import db as kernel_db
from community.kernel.errors import N_, BadInput
from community.micro_projects import permissions
from community.micro_projects.queries import award_pages, sheet_pages
from community.micro_projects.queries import panels as panel_queries
from community.micro_projects.queries.bids import bids_of
from community.micro_projects.rules.panels import SeatState
from community.micro_projects.schemas import awards as schemas
from community.micro_projects.schemas.suppliers import ButtonForm
from community.micro_projects.service import marking, panels, reviews
from community.micro_projects.service.marking import Mark
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db

_MARK = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?\Z")
_NAME = re.compile(r"mark_([0-9]{1,15})_([0-9]{1,15})\Z")


class MarkUnclear(BadInput):
    """What was typed is no mark."""

    message = N_("“{typed}”不是分数。请填数字，最多两位小数，例如 8.5。")


@views.get("/projects/seats")
@needs(permissions.SCORE)
def seats() -> str:
    """List one's own seats."""
    actor = the_actor()
    own = panel_queries.own_seats(db.session, actor)
    titles = {each.id: sheet_pages.sheet_page(db.session, actor, each.id).title for each in own}
    return render_template("micro_projects/seats.html", seats=own, titles=titles)


@views.get("/projects/seats/<int:seat_id>")
@needs(permissions.SCORE)
def seat(seat_id: int) -> str:
    """Show one's own sheet."""
    return _sheet(seat_id, forms.Form())


@views.post("/projects/seats/<int:seat_id>/marks")
@needs(permissions.SCORE)
def keep_marks(seat_id: int) -> ResponseReturnValue:
    """Keep one's own marks."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        typed = _typed_marks()
        kernel_db.write(marking.keep_marks, the_actor(), seat_id, typed, request_key=key)

    return _press(ButtonForm(), act, seat_id, gettext("已保存。全部打完后签字。"))


@views.post("/projects/seats/<int:seat_id>/sign")
@needs(permissions.SCORE)
def sign_sheet(seat_id: int) -> ResponseReturnValue:
    """Keep the marks that were typed, and sign one's own sheet."""

    def act(values: dict[str, Any]) -> None:
        typed = _typed_marks()
        if typed:
            kernel_db.write(marking.keep_marks, the_actor(), seat_id, typed)
        kernel_db.write(
            marking.sign_sheet,
            the_actor(),
            seat_id,
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.SignForm(), act, seat_id, gettext("已签字。指纹已写入公开日志。"))


@views.post("/projects/seats/<int:seat_id>/recuse")
@needs(permissions.SCORE)
def recuse(seat_id: int) -> ResponseReturnValue:
    """Leave one's own seat."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            panels.recuse, the_actor(), seat_id, values["words"], request_key=forms.request_key()
        )

    return _press(schemas.RecuseForm(), act, seat_id, gettext("已回避，由下一位递补。"))


@views.get("/projects/bids/<int:bid_id>/price")
@needs(permissions.SUPPLY)
def low_price(bid_id: int) -> str:
    """Show a bidder what was asked about its price."""
    return _price(bid_id, forms.Form())


@views.post("/projects/bids/<int:bid_id>/price")
@needs(permissions.SUPPLY)
def explain_price(bid_id: int) -> ResponseReturnValue:
    """Explain one's own low price."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            reviews.explain_price,
            the_actor(),
            bid_id,
            values["words"],
            request_key=forms.request_key(),
        )

    return press(
        schemas.ExplainForm(),
        act,
        lambda form: _price(bid_id, form),
        gettext("说明已提交。"),
        lambda _: url_for("micro_projects.low_price", bid_id=bid_id),
    )


def _typed_marks() -> tuple[Mark, ...]:
    """Read the form's marks; an empty field is not marked yet.

    Raises: MarkUnclear.
    """
    found = []
    for name, typed in request.form.items():
        field, text = _NAME.match(name), typed.strip()
        if field is None or not text:
            continue
        read = _MARK.match(text)
        if read is None:
            raise MarkUnclear(typed=text[:20])
        whole, cents = read.groups()
        hundredths = int(whole) * 100 + int(((cents or "") + "00")[:2])
        found.append(Mark(int(field[1]), int(field[2]), hundredths))
    return tuple(found)


def _press(schema: Any, act: Any, seat_id: int, told: str) -> ResponseReturnValue:
    return press(
        schema,
        act,
        lambda form: _sheet(seat_id, form),
        told,
        lambda _: url_for("micro_projects.seat", seat_id=seat_id),
    )


def _sheet(seat_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = sheet_pages.sheet_page(db.session, actor, seat_id)
    tender_id = found.sheet.seat.tender_id
    bids = () if tender_id is None else bids_of(db.session, actor.community_id, tender_id)
    return render_template(
        "micro_projects/seat.html",
        form=form,
        found=found,
        bids={each.id: each for each in bids},
        is_open=found.sheet.seat.state is SeatState.SEATED,
    )


def _price(bid_id: int, form: forms.Form) -> str:
    tender, asked = award_pages.own_low_price(db.session, the_actor(), bid_id)
    return render_template(
        "micro_projects/low_price.html", form=form, tender=tender, asked=asked, bid_id=bid_id
    )
