"""What everybody may read without signing in: notices, their paper, their postings."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from community.kernel import files
from community.kernel.errors import NotFound
from community.notices.queries import (
    NoticeView,
    get_notice,
    is_objecting,
    notices_by_phase,
    objections_of,
    postings_of,
)
from community.notices.rules import KIND_TITLES, OUTCOME_TITLES, NoticePhase, mask_numbers
from community.notices.views.blueprint import names_of, views
from community.web.access import community, public, the_actor
from community.web.extensions import db
from community.web.pdf import send_pdf
from community.web.qr import qr_svg
from community.web.stored_files import send_stored_file

# What hangs on the wall is Chinese, whatever language its printer reads.
POSTED_IN = "zh_Hans_CN"
SIZES = ("a4", "a3")


@views.get("/notices")
@public
def notices() -> str:
    """List open notices, or those of the past."""
    is_archive = request.args.get("show") == "archive"
    if is_archive:
        listed = notices_by_phase(db.session, community.id, NoticePhase.ARCHIVED)
        listed += notices_by_phase(db.session, community.id, NoticePhase.WITHDRAWN)
        listed.sort(key=lambda each: each.closes_at, reverse=True)
    else:
        listed = notices_by_phase(db.session, community.id, NoticePhase.OPEN)
    return render_template(
        "notices/notices.html",
        listed=listed,
        coming=[] if is_archive else notices_by_phase(db.session, community.id, NoticePhase.COMING),
        is_archive=is_archive,
        kinds=KIND_TITLES,
    )


@views.get("/notices/<int:notice_id>")
@public
def notice(notice_id: int) -> str:
    """Show a notice with its period, postings, objections and answers."""
    found = get_notice(db.session, community.id, notice_id)
    objections = objections_of(db.session, community.id, notice_id)
    subject = the_actor().subject_id
    return render_template(
        "notices/notice.html",
        notice=found,
        postings=postings_of(db.session, community.id, notice_id),
        objections=objections,
        people=names_of(objections),
        is_objecting=subject is not None
        and is_objecting(db.session, community.id, notice_id, subject),
        kinds=KIND_TITLES,
        outcomes=OUTCOME_TITLES,
        mask_numbers=mask_numbers,
    )


@views.get("/notices/<int:notice_id>/print/<size>")
@public
def print_notice(notice_id: int, size: str) -> str:
    """Show the sheet as a page of its own, for the browser's printer."""
    found = get_notice(db.session, community.id, notice_id)
    with force_locale(POSTED_IN):
        return render_template("notices/sheet.html", is_page=True, **_sheet(found, size))


@views.get("/notices/<int:notice_id>/paper/<size>.pdf")
@public
def notice_paper(notice_id: int, size: str) -> ResponseReturnValue:
    """Give the sheet to be posted, as a PDF of A4 or A3."""
    found = get_notice(db.session, community.id, notice_id)
    with force_locale(POSTED_IN):
        name = f"{gettext('公示')} {found.code} {size.upper()}"
        return send_pdf(name, "notices/sheet.html", is_page=False, **_sheet(found, size))


@views.get("/notices/<int:notice_id>/postings/<int:posting_id>/photo")
@public
def posting_photo(notice_id: int, posting_id: int) -> Response:
    """Show the photo that proves a posting."""
    get_notice(db.session, community.id, notice_id)
    for each in postings_of(db.session, community.id, notice_id):
        if each.id == posting_id:
            view = files.get_file(db.session, community.id, each.file_id)
            return send_stored_file(view, is_public=True)
    raise NotFound


def _sheet(found: NoticeView, size: str) -> dict[str, object]:
    if size not in SIZES:
        raise NotFound
    address = url_for("notices.notice", notice_id=found.id, _external=True)
    return {
        "notice": found,
        "size": size,
        "address": address,
        "code": qr_svg(address, gettext("用手机扫码看公示原文和答复"), is_printed=True),
        "kinds": KIND_TITLES,
    }
