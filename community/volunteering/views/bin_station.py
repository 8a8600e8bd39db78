"""Pages of the bin stations: two huge buttons at the bin, and accuracy by building."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel.db import write
from community.volunteering import permissions
from community.volunteering.queries import bin_station as queries
from community.volunteering.queries import rule_sets
from community.volunteering.rules.rule_sets import HoursRule
from community.volunteering.schemas import records as shapes
from community.volunteering.service import bin_station as service
from community.volunteering.service.bin_station import Dropped
from community.volunteering.views.pages import views
from community.web import forms
from community.web.access import community, needs, public, the_actor
from community.web.extensions import db
from community.web.security import allow_wasm

SHOWN_DAYS = 30


@views.get("/bin-stations")
@needs(permissions.BIN_SCAN)
def bin_stations() -> str:
    """Choose the station one stands at; staff set up new ones."""
    return _stations(forms.Form())


@views.post("/bin-stations")
@needs(permissions.BIN_SET_UP)
def open_bin_station() -> ResponseReturnValue:
    """Set a station up."""
    return forms.submit(
        shapes.Station(),
        lambda values: write(
            service.open_bin_station,
            the_actor(),
            values["name"],
            values["place"],
            request_key=forms.request_key(),
        ),
        _stations,
        lambda _: _back(gettext("投放点已设好。")),
    )


@views.post("/bin-stations/<int:station_id>/close")
@needs(permissions.BIN_SET_UP)
def close_bin_station(station_id: int) -> ResponseReturnValue:
    """Take a station out of use."""
    write(service.close_bin_station, the_actor(), station_id, request_key=forms.request_key())
    return _back(gettext("投放点已停用，记录都保留。"))


@views.get("/bin-stations/<int:station_id>")
@allow_wasm
@needs(permissions.BIN_SCAN)
def bin_station(station_id: int) -> str:
    """Show the scanner with its two huge buttons."""
    return _station(station_id, forms.Form(), None)


@views.post("/bin-stations/<int:station_id>/drops")
@allow_wasm
@needs(permissions.BIN_SCAN)
def record_drop(station_id: int) -> ResponseReturnValue:
    """Record one bag and be ready for the next household."""
    return forms.submit(
        shapes.Drop(),
        lambda values: write(
            service.record_drop,
            the_actor(),
            station_id,
            _code_of(values["card_code"]),
            values["is_right"],
            request_key=forms.request_key(),
        ),
        lambda form: _station(station_id, form, None),
        lambda dropped: _station(station_id, forms.Form(), dropped),
    )


@views.get("/bin-stations/accuracy")
@public
def bin_accuracy() -> str:
    """Show every building's accuracy of the last 30 days, where it names nobody."""
    today = clock.today()
    adopted = rule_sets.find_rule_set_on(db.session, community.id, today)
    rule = adopted.rules.hours if adopted else HoursRule()
    since = today - timedelta(days=SHOWN_DAYS - 1)
    return render_template(
        "volunteering/bin_accuracy.html",
        buildings=queries.accuracy_by_building(
            db.session, community.id, since, today, rule.least_shown
        ),
        least=rule.least_shown,
        since=since,
        today=today,
    )


def _code_of(scanned: str) -> str:
    """Take the code out of a scanned address, or what was typed."""
    path = urlsplit(scanned).path if "/" in scanned else scanned
    return path.rstrip("/").rsplit("/", 1)[-1]


def _stations(form: forms.Form) -> str:
    return render_template(
        "volunteering/bin_stations.html",
        form=form,
        stations=queries.stations(db.session, community.id, clock.today()),
        may_set_up=the_actor().may(permissions.BIN_SET_UP.code),
    )


def _station(station_id: int, form: forms.Form, dropped: Dropped | None) -> str:
    found = queries.get_station(db.session, the_actor(), station_id)
    return render_template(
        "volunteering/bin_station.html",
        form=form,
        station=found,
        dropped=dropped,
        code=request.args.get("code", ""),
    )


def _back(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.bin_stations"), 303)
