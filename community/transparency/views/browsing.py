"""The log for people: the newest records, one record with its proof, and what this proves."""

from __future__ import annotations

import json

from flask import render_template, request, url_for
from flask_babel import gettext

from community.kernel import clock
from community.transparency import queries
from community.transparency.queries import RecordView
from community.transparency.rules.kinds import title_of
from community.transparency.rules.paper import write_paper
from community.transparency.views.pages import views
from community.web import forms
from community.web.access import community, public
from community.web.extensions import db
from community.web.qr import qr_svg

PAGE = 50


@views.app_template_global()
def title_of_record(record: RecordView) -> str:
    """Tell in the reader's language what kind of record it is."""
    told: str = gettext(title_of(record.kind))
    return told


@views.app_template_filter()
def in_words(code: str) -> str:
    """Tell in the reader's language what a code in a record stands for; other words stay."""
    told: str = gettext(title_of(code)) if code else ""
    return told


@views.get("/")
@public
def log() -> str:
    """List what was published, the newest first."""
    kind, words = request.args.get("kind", ""), request.args.get("q", "").strip()
    before = forms.asked_number("before")
    found = queries.list_records(db.session, community.id, kind, words, before, PAGE)
    kinds = queries.kinds_of(db.session, community.id)
    return render_template(
        "transparency/log.html",
        records=[(each, each.fields) for each in found],
        older=found[-1].id if len(found) == PAGE else None,
        kinds=[("", gettext("全部"))] + [(each, gettext(title_of(each))) for each in kinds],
        kind=kind,
        q=words,
        checkpoint=queries.latest_checkpoint(db.session, community.id),
        waiting=queries.count_waiting(db.session, community.id),
        moment=clock.from_micros,
    )


@views.get("/record/<int:record_id>")
@public
def record(record_id: int) -> str:
    """Show a record with what proves that it stands in the log."""
    found = queries.get_record(db.session, community.id, record_id)
    address = url_for("transparency.record", record_id=record_id, _external=True)
    return render_template(
        "transparency/record.html",
        record=found,
        fields=found.fields,
        lines=[(name, _plain(value)) for name, value in found.fields.items() if value is not None],
        proof=queries.proof_of(db.session, community.id, record_id),
        code=qr_svg(address, gettext("这条记录的地址"), is_printed=True),
        moment=clock.from_micros,
    )


@views.get("/checkpoints")
@public
def checkpoint_list() -> str:
    """List the signed checkpoints, the newest first, with the newest as a code to print."""
    before = forms.asked_number("before")
    found = queries.checkpoints(db.session, community.id, before, PAGE)
    code = anchor = None
    if found and before is None:
        anchor = f"{request.host_url}verify#{write_paper(found[0].note)}"
        code = qr_svg(anchor, gettext("最新检查点"), is_printed=True)
    return render_template(
        "transparency/checkpoints.html",
        checkpoints=found,
        older=found[-1].size if len(found) == PAGE else None,
        code=code,
        anchor=anchor,
        keys=queries.verifier_keys(db.session, community.id),
    )


@views.get("/about")
@public
def about() -> str:
    """Say plainly what the log proves and what it cannot."""
    return render_template(
        "transparency/about.html",
        checkpoint=queries.latest_checkpoint(db.session, community.id),
    )


def _plain(value: object) -> str:
    """Write a field as it stands in the record."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
