"""Opening after the deadline: an opener's shares, or an owner's own key."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import ValidationError

from community.kernel.db import write
from community.kernel.errors import BadInput, NotFound, RuleBroken
from community.sealing import permissions, service
from community.sealing.errors import BoxStillTaking, KeyFileUnreadable, KeyWrong, NotAnOpener
from community.sealing.queries import BoxView, OpenerView, find_envelope, headers_of
from community.sealing.rules.boxes import BoxPhase
from community.sealing.rules.header import encode
from community.sealing.rules.words import SHARES_FORMAT, header_words
from community.sealing.schemas import PassedKey, SharesForm, read_key
from community.sealing.views.blueprint import as_file, box_of, views
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.errors import sentence_of, status_of
from community.web.extensions import db

MOST_KEY_FILE = 4_096


@views.get("/sealing/boxes/<int:box_id>/shares")
@needs(permissions.GIVE_SHARES)
def shares(box_id: int) -> str:
    """Let an opener's browser decrypt the own shares."""
    return _shares(box_id, forms.Form())


@views.post("/sealing/boxes/<int:box_id>/shares")
@needs(permissions.GIVE_SHARES)
def give_shares(box_id: int) -> ResponseReturnValue:
    """Give one's shares."""

    def act(values: dict[str, Any]) -> bool:
        is_open: bool = write(service.give_shares, the_actor(), box_id, values["shares"])
        return is_open

    def done(is_open: bool) -> ResponseReturnValue:
        if is_open:
            flash(gettext("份额已收下，人数已够，全部内容已经开启。"))
        else:
            flash(gettext("份额已收下。还没有全部开启，请等其他开启人。"))
        return redirect(url_for("sealing.box", box_id=box_id), 303)

    return forms.submit(SharesForm(), act, lambda form: _shares(box_id, form), done)


@views.get("/sealing/boxes/<int:box_id>/shares.json")
@needs(permissions.GIVE_SHARES)
def shares_file(box_id: int) -> Response:
    """Give an opener the headers as a file, for the offline page."""
    found, _ = _as_opener(box_id)
    if found.phase is not BoxPhase.SHUT:
        raise BoxStillTaking(deadline=found.times.deadline)
    told = {"format": SHARES_FORMAT, "envelopes": _headers(box_id)}
    return as_file(told, f"shares-{box_id}.json")


@views.get("/sealing/boxes/<int:box_id>/own")
@needs(permissions.OPEN_OWN)
def own(box_id: int) -> str:
    """Let an owner open the own envelope."""
    return _own(box_id, forms.Form())


@views.post("/sealing/boxes/<int:box_id>/own")
@needs(permissions.OPEN_OWN)
def open_yourself(box_id: int) -> ResponseReturnValue:
    """Open one's own envelope by the key file."""
    form = forms.Form(posted_to=request.path)
    try:
        envelope_id, key = _read_key_file(box_id)
        is_open = write(service.open_yourself, the_actor(), envelope_id, key)
    except (BadInput, RuleBroken) as refusal:
        form.refusal = sentence_of(refusal)
        return _own(box_id, form), status_of(refusal)
    flash(
        gettext("您的这一份已经打开，全部内容现在可以查看。")
        if is_open
        else gettext("您的这一份已经打开，和其他人的一起公布。")
    )
    return redirect(url_for("sealing.box", box_id=box_id), 303)


def _read_key_file(box_id: int) -> tuple[int, bytes]:
    box = box_of(box_id)
    if box.phase in {BoxPhase.AWAITED, BoxPhase.TAKING}:
        # Else the answer would tell, before the deadline, whether an owner has handed in.
        raise BoxStillTaking(deadline=box.times.deadline)
    sent = request.files.get("key_file")
    try:
        words = PassedKey().load(json.loads((sent.read(MOST_KEY_FILE) if sent else b"").decode()))
        key = read_key(words["key"])
    except (ValidationError, ValueError, RecursionError) as error:
        raise KeyFileUnreadable from error
    envelope_id = find_envelope(db.session, community.id, words["box"], words["owner"])
    if words["box"] != box.token:
        raise KeyFileUnreadable
    if envelope_id is None:
        # As a wrong key is answered: before the opening nobody is told who has handed in.
        raise KeyWrong
    return envelope_id, key


def _as_opener(box_id: int) -> tuple[BoxView, OpenerView]:
    found = box_of(box_id)
    for each in found.openers:
        if each.person_id == the_actor().person_id:
            return found, each
    raise NotAnOpener


def _headers(box_id: int) -> list[dict[str, Any]]:
    return [
        {"envelope": envelope_id, "header": header_words(header)}
        for envelope_id, header in headers_of(db.session, community.id, box_id)
    ]


def _shares(box_id: int, form: forms.Form) -> str:
    found, opener = _as_opener(box_id)
    is_shut = found.phase is BoxPhase.SHUT
    return render_template(
        "sealing/shares.html",
        box=found,
        opener=opener,
        form=form,
        is_shut=is_shut,
        point=encode(opener.public_key),
        headers=_headers(box_id) if is_shut else [],
    )


def _own(box_id: int, form: forms.Form) -> str:
    found = box_of(box_id)
    if not found.openers:
        raise NotFound
    return render_template(
        "sealing/own.html", box=found, form=form, is_shut=found.phase is BoxPhase.SHUT
    )
