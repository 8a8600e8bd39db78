"""The gate: the leader's scanner and rotating screen, and what a volunteer's camera opens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import ValidationError

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.db import write
from community.kernel.errors import BadInput, NotFound, Refusal
from community.volunteering import permissions
from community.volunteering.queries.activities import ShiftView
from community.volunteering.queries.places import find_place_of_code
from community.volunteering.queries.screens import screen_of
from community.volunteering.rules import codes
from community.volunteering.rules.scanning import SIGNALS, CheckInResult, Direction, Reason
from community.volunteering.schemas.scans import (
    ScansBody,
    TypedForm,
    plain_scan,
    read_scan,
    request_of,
)
from community.volunteering.service import scanning
from community.volunteering.views.pages import views, world
from community.volunteering.views.reading import code_in_photo, this_shift
from community.volunteering.views.roster import check_shift_leader
from community.web import forms, qr
from community.web.access import needs, public, the_actor
from community.web.errors import sentence_of, status_of
from community.web.extensions import db
from community.web.filters import time_of_day
from community.web.layout import page_language
from community.web.lean import LeanView, raise_refused
from community.web.security import allow_wasm, keep_offline


@views.get("/shifts/<int:shift_id>/scanner")
@needs(permissions.LEAD)
@allow_wasm
@keep_offline
def scanner(shift_id: int) -> str:
    """Show the scanner; it keeps working without network."""
    return _scanner(shift_id, None, forms.Form())


@views.post("/shifts/<int:shift_id>/scans")
@needs(permissions.LEAD)
def scan(shift_id: int) -> ResponseReturnValue:
    """Take one scan: 200 when it counts, 409 when it does not, always with what to show."""
    try:
        values = read_scan(request.get_json(silent=True) or {})
    except ValidationError:
        return _refused(BadInput())
    try:
        result = _check(shift_id, values)
    except Refusal as refusal:
        return _refused(refusal)
    return jsonify(_shown(result, words_here())), 200 if result.is_accepted else 409


@views.post("/shifts/<int:shift_id>/scans/batch")
@needs(permissions.LEAD)
def scan_batch(shift_id: int) -> ResponseReturnValue:
    """Take the scans that waited on a device, in the order of its clock."""
    try:
        waited = ScansBody().load(request.get_json(silent=True) or {})["scans"]
    except ValidationError:
        return _refused(BadInput())
    order = sorted(range(len(waited)), key=lambda at: _device_order(waited[at]))
    answers: dict[int, dict[str, Any]] = {}
    for at in order:
        try:
            answers[at] = _shown(_check(shift_id, {**waited[at], "late": True}), words_here())
        except NotFound:
            raise
        except Refusal as refusal:
            answers[at] = _refusal(refusal)
    return jsonify(results=[answers[at] for at in range(len(waited))])


@views.post("/shifts/<int:shift_id>/scans/typed")
@needs(permissions.LEAD)
@allow_wasm
def scan_typed(shift_id: int) -> ResponseReturnValue:
    """Take a typed code or a picture of one, for phones without camera or scripts."""
    form, values = forms.read(TypedForm())
    try:
        code = values.get("code") or code_in_photo("photo")
        result = _check(shift_id, {"code": code, "direction": values.get("direction")})
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
        return _scanner(shift_id, None, form), status_of(refusal)
    return _scanner(shift_id, result, forms.Form()), 200 if result.is_accepted else 409


@views.get("/shifts/<int:shift_id>/screen")
@needs(permissions.LEAD)
def screen(shift_id: int) -> str:
    """Show the rotating code of a gate over the whole screen."""
    found = this_shift(shift_id)
    gate = forms.asked_number("gate") or 0
    shown = screen_of(db.session, the_actor(), shift_id, gate)
    return render_template(
        "volunteering/screen.html",
        shift=found,
        gate=gate,
        shown=shown,
        svg=qr.qr_svg(_address(shown.path), gettext("动态码"), is_screen=True),
    )


@views.get("/shifts/<int:shift_id>/screen/code")
@needs(permissions.LEAD)
def screen_code(shift_id: int) -> ResponseReturnValue:
    """Give the present picture of the rotating code; the key stays here."""
    shown = screen_of(db.session, the_actor(), shift_id, forms.asked_number("gate") or 0)
    return jsonify(
        svg=qr.qr_svg(_address(shown.path), gettext("动态码"), is_screen=True),
        short=shown.typed,
        seconds_left=shown.seconds_left,
        slot_seconds=codes.SLOT_SECONDS,
    )


@world.get("/Q/R/<code>")
@world.get("/q/r/<code>")
@public
def open_rotating_code(code: str) -> ResponseReturnValue:
    """Lead whoever scanned a leader's screen to the page that checks in; nothing is written."""
    found = codes.read_rotating(code.upper())
    place = None if found is None else find_place_of_code(db.session, found[0].shift_id)
    if place is None:
        raise NotFound
    address = url_for(
        "volunteering.here", community=place.slug, shift_id=place.shift_id, code=code.upper()
    )
    return redirect(address)


@world.get("/Q/P/<code>")
@world.get("/q/p/<code>")
@public
def open_personal_code(code: str) -> str:
    """Say what a personal code is for; whose it is stays hidden."""
    return render_template("volunteering/personal_code.html")


@views.get("/shifts/<int:shift_id>/here")
@needs(permissions.CHECK_IN)
def here(shift_id: int) -> str:
    """Ask whether to check in or out with a scanned or typed code; nothing is written."""
    return _here(shift_id, None, forms.Form())


@views.post("/shifts/<int:shift_id>/here")
@needs(permissions.CHECK_IN)
def check_in_here(shift_id: int) -> ResponseReturnValue:
    """Check in or out by the leader's screen."""
    form, values = forms.read(TypedForm())
    try:
        code = values.get("code") or code_in_photo("photo")
        asked = request_of(shift_id, {"code": code, "nonce": forms.request_key()[:40]})
        if values.get("direction") is Direction.OUT:
            result = write(scanning.check_out_here, the_actor(), asked)
        else:
            result = write(scanning.check_in_here, the_actor(), asked)
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
        return _here(shift_id, None, form), status_of(refusal)
    return _here(shift_id, result, forms.Form()), 200 if result.is_accepted else 409


@views.post("/shifts/<int:shift_id>/people/<int:person_id>/in")
@needs(permissions.LEAD)
def tick_in(shift_id: int, person_id: int) -> ResponseReturnValue:
    """Tick somebody in on the roster."""
    result = write(
        scanning.tick_in, the_actor(), shift_id, person_id, request_key=forms.request_key()
    )
    return _ticked(shift_id, result)


@views.post("/shifts/<int:shift_id>/people/<int:person_id>/out")
@needs(permissions.LEAD)
def tick_out(shift_id: int, person_id: int) -> ResponseReturnValue:
    """Tick somebody out on the roster."""
    result = write(
        scanning.tick_out, the_actor(), shift_id, person_id, request_key=forms.request_key()
    )
    return _ticked(shift_id, result)


def _check(shift_id: int, values: dict[str, Any]) -> CheckInResult:
    raise_refused()
    asked = request_of(shift_id, values)
    if values.get("direction") is Direction.OUT:
        found: CheckInResult = write(scanning.check_out, the_actor(), asked)
    else:
        found = write(scanning.check_in, the_actor(), asked)
    return found


def _shown(result: CheckInResult, words: Words) -> dict[str, Any]:
    """Say what a scanner shows: a masked name, and when and where an earlier scan was."""
    signal = SIGNALS[result.reason]
    when = result.earlier_at or result.at
    number = words.place % {"number": result.number} if result.number else ""
    return {
        "reason": result.reason.value,
        "direction": result.direction.value,
        "colour": signal.colour.value,
        "sound": signal.sound.value,
        "vibration": signal.vibration,
        "sentence": words.sentences[result.reason, result.direction],
        "name": result.name_masked,
        "name_masked": result.name_masked,
        "when": time_of_day(when),
        "where": " · ".join(each for each in (result.earlier_gate, number) if each),
        "is_repeat": result.is_repeat,
    }


def sentence_for(result: CheckInResult) -> str:
    """Tell a result's sentence; success says which of the two it was."""
    return words_here().sentences[result.reason, result.direction]


@dataclass(frozen=True, slots=True)
class Words:
    """What a language says of scans: a sentence for each result, the place in the line."""

    sentences: Mapping[tuple[Reason, Direction], str]
    place: str


# They do not change while the server runs, and a gate asks for them with every scan.
_words: dict[str, Words] = {}


def words_here() -> Words:
    """Give the words of this request's language."""
    language = page_language()
    if language not in _words:
        sentences = {
            (reason, direction): _sentence(reason, direction)
            for reason in Reason
            for direction in Direction
        }
        _words[language] = Words(sentences, gettext("第 %(number)d 人"))
    return _words[language]


def _sentence(reason: Reason, direction: Direction) -> str:
    if reason is Reason.OK:
        done: str = gettext("签到成功") if direction is Direction.IN else gettext("签退成功")
        return done
    sentence: str = gettext(SIGNALS[reason].sentence)
    return sentence


def scan_at_once(
    actor: Actor, shift_id: int, body: Any, language: str
) -> tuple[dict[str, Any], int] | None:
    """Take an ordinary scan at the entrance; None leaves it to `scan`, which takes every one."""
    words, values = _words.get(language), plain_scan(body)
    if words is None or values is None or values["direction"] is Direction.OUT:
        return None
    result = write(scanning.check_in, actor, request_of(shift_id, values))
    return _shown(result, words), 200 if result.is_accepted else 409


LEAN = LeanView(
    "volunteering.scan",
    re.compile(r"/c/(?P<community>[a-z0-9-]{1,40})/shifts/(?P<number>[0-9]{1,15})/scans"),
    scan_at_once,
)


def _refusal(refusal: Refusal) -> dict[str, Any]:
    sentence = sentence_of(refusal)
    return {
        "error": refusal.code(),
        "message": sentence,
        "sentence": sentence,
        "colour": "red",
        "sound": "no",
    }


def _refused(refusal: Refusal) -> ResponseReturnValue:
    return jsonify(_refusal(refusal)), status_of(refusal)


def _device_order(scan: dict[str, Any]) -> int:
    seen = scan.get("device_time")
    return clock.micros(seen) if seen is not None else clock.micros(clock.now())


def _address(path: str) -> str:
    return request.host_url.rstrip("/").upper() + path


def _scanner(shift_id: int, result: CheckInResult | None, form: forms.Form) -> str:
    found: ShiftView = this_shift(shift_id)
    check_shift_leader(found)
    return render_template(
        "volunteering/scanner.html",
        shift=found,
        form=form,
        shown=None if result is None else _shown(result, words_here()),
        direction=Direction.OUT if found.is_over else Direction.IN,
    )


def _here(shift_id: int, result: CheckInResult | None, form: forms.Form) -> str:
    return render_template(
        "volunteering/here.html",
        shift=this_shift(shift_id),
        code=request.args.get("code", "")[:80],
        form=form,
        shown=None if result is None else _shown(result, words_here()),
    )


def _ticked(shift_id: int, result: CheckInResult) -> ResponseReturnValue:
    flash(sentence_for(result), "success" if result.is_accepted else "error")
    return redirect(url_for("volunteering.roster", shift_id=shift_id), 303)
