"""What a bidder does: hand in, see the receipt, confirm, replace and withdraw. Nobody counts it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from io import BytesIO
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import db as kernel_db
from community.kernel.files import Upload
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import TenderNotFound
from community.micro_projects.queries import bids as queries
from community.micro_projects.queries import openings
from community.micro_projects.queries import tenders as tender_queries
from community.micro_projects.queries.awards import awards_of_tender
from community.micro_projects.queries.suppliers import unfit_for
from community.micro_projects.rules.awards import STANDING
from community.micro_projects.rules.bids import (
    LONGEST_PROPOSAL,
    MOST_FILE_BYTES,
    MOST_FILES,
    BidContent,
    BidFile,
    BidState,
)
from community.micro_projects.rules.suppliers import UNFIT_TITLES
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.schemas import tenders as schemas
from community.micro_projects.service import bidding as service
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.tender_words import tender_word
from community.sealing import BoxLevel
from community.web import forms
from community.web.access import needs, the_actor, uncounted
from community.web.extensions import db
from community.web.qr import qr_svg
from community.web.stored_files import read_upload


@views.get("/projects/bids")
@needs(permissions.BID)
@uncounted
def my_bids() -> str:
    """Show an organization its bids, what is due, and what it may bid for."""
    actor = the_actor()
    bids = queries.own_bids(db.session, actor)
    known = {each.tender.id for each in bids}
    found = tender_queries.public_tenders(db.session, actor)
    going = {TenderState.ENQUIRY, TenderState.BIDDING}
    return render_template(
        "micro_projects/my_bids.html",
        bids=bids,
        outcomes={each.id: _outcome(each, actor.community_id) for each in bids},
        due=[each for each in bids if needs_confirming(each)],
        chances=[each for each in found if each.state in going and each.id not in known],
        states=TenderState,
        bid_states=BidState,
    )


@views.get("/projects/tenders/<int:tender_id>/bid")
@needs(permissions.BID)
@uncounted
def bid_form(tender_id: int) -> str:
    """Write a bid, or see one's own."""
    return _bid_page(tender_id, forms.Form())


@views.post("/projects/tenders/<int:tender_id>/bid")
@needs(permissions.BID)
@uncounted
def submit_bid(tender_id: int) -> ResponseReturnValue:
    """Hand a bid in where the site seals it."""

    def act(values: dict[str, Any]) -> Any:
        # No request key: a kept answer would hold the salt. The same bid twice is one.
        bid = BidContent(values["price_fen"], values["proposal"], _sent_files())
        return kernel_db.write(service.submit_bid, the_actor(), tender_id, bid)

    return _press(tender_id, schemas.BidForm(), act, gettext("投标已提交，请保存回执。"))


@views.post("/projects/tenders/<int:tender_id>/sealed-bid")
@needs(permissions.BID)
@uncounted
def submit_sealed_bid(tender_id: int) -> ResponseReturnValue:
    """Hand in a bid that the bidder's browser has sealed."""

    def act(_: dict[str, Any]) -> Any:
        sent = read_upload("envelope")
        envelope = b"" if sent is None else sent.content
        return kernel_db.write(service.submit_sealed_bid, the_actor(), tender_id, envelope)

    sentence = gettext("加密投标已提交，请保存回执和密钥文件。")
    return _press(tender_id, schemas.Nothing(), act, sentence)


@views.post("/projects/tenders/<int:tender_id>/bid/confirm")
@needs(permissions.BID)
@uncounted
def confirm_bid(tender_id: int) -> ResponseReturnValue:
    """Say that the bid stands after an amendment."""

    def act(_: dict[str, Any]) -> Any:
        return kernel_db.write(service.confirm_bid, the_actor(), tender_id)

    return _press(tender_id, schemas.Nothing(), act, gettext("已确认，投标按原内容有效。"))


@views.post("/projects/tenders/<int:tender_id>/bid/withdraw")
@needs(permissions.BID)
@uncounted
def withdraw_bid(tender_id: int) -> ResponseReturnValue:
    """Take the bid back."""

    def act(_: dict[str, Any]) -> Any:
        return kernel_db.write(service.withdraw_bid, the_actor(), tender_id)

    return _press(tender_id, schemas.Nothing(), act, gettext("投标已撤回，截止前可以重新提交。"))


@views.get("/projects/tenders/<int:tender_id>/bid/receipt")
@needs(permissions.BID)
@uncounted
def bid_receipt(tender_id: int) -> Response:
    """Give the receipt as a file that /verify and verify.py check."""
    own = queries.get_own_bid(db.session, the_actor(), tender_id)
    content = queries.bid_receipt(db.session, own)
    return _download(content, f"bid-{tender_id}-receipt.txt", "text/plain; charset=utf-8")


@views.get("/projects/tenders/<int:tender_id>/bid/envelope")
@needs(permissions.BID)
@uncounted
def bid_envelope(tender_id: int) -> Response:
    """Give a bidder the very bytes it handed in."""
    own = queries.get_own_bid(db.session, the_actor(), tender_id)
    content = queries.bid_as_handed_in(db.session, own)
    return _download(content, f"bid-{tender_id}.bin", "application/octet-stream")


@views.get("/projects/bids/files/<int:file_id>")
@needs(permissions.SEE)
def bid_file(file_id: int) -> Response:
    """Give a file of an opened bid to the desk and its bidder."""
    found = openings.bid_file(db.session, the_actor(), file_id)
    answer = send_file(
        BytesIO(found.content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=found.name,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def needs_confirming(bid: queries.OwnBid) -> bool:
    """Tell whether a bid waits for its bidder's word after an amendment."""
    is_going = bid.tender.state in {TenderState.ENQUIRY, TenderState.BIDDING}
    return is_going and bid.state is BidState.PENDING and not bid.is_confirmed


def _outcome(bid: queries.OwnBid, community_id: int) -> tuple[str, str]:
    """Tell what a bid came to, in a word and its colour."""
    if bid.state is not BidState.VALID:
        return tender_word(bid.state), "red" if bid.state is BidState.DISQUALIFIED else "plain"
    standing = [
        each
        for each in awards_of_tender(db.session, community_id, bid.tender.id)
        if each.state in STANDING
    ]
    if not standing:
        return tender_word(bid.state), "plain"
    won = any(each.organization_id == bid.organization_id for each in standing)
    return (gettext("中选"), "done") if won else (gettext("未中选"), "plain")


def _sent_files() -> tuple[BidFile, ...]:
    sent = [(each.filename or "", each.read()) for each in request.files.getlist("files")]
    chosen = [Upload(name, content) for name, content in sent if name and content]
    return tuple(BidFile(each.name[:120], each.content) for each in chosen)


def _download(content: bytes, name: str, kind: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _press(tender_id: int, shape: Any, act: Any, sentence: str) -> ResponseReturnValue:
    def done(_: Any) -> ResponseReturnValue:
        flash(sentence)
        return redirect(url_for("micro_projects.bid_form", tender_id=tender_id), 303)

    return forms.submit(shape, act, lambda form: _bid_page(tender_id, form), done)


def _receipt_code(own: queries.OwnBid | None) -> str:
    """Draw the address at which any phone checks a bid's receipt; it carries no salt."""
    if own is None or own.note is None:
        return ""
    carried = urlsafe_b64encode(own.note).decode().rstrip("=")
    address = url_for("verifying.verify", _external=True)
    return qr_svg(f"{address}#bid={carried}", gettext("扫码核对回执"))


def _bid_page(tender_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = tender_queries.get_public_tender(db.session, actor, tender_id)
    if found.deadline is None:
        raise TenderNotFound  # who was asked for a quotation hands in no bid
    own = queries.own_bid(db.session, actor, tender_id)
    mark = own.commitment.hex() if own is not None and own.commitment else ""
    firm = queries.employer(db.session, actor)
    here = actor.community_id
    unfit = () if firm is None else unfit_for(db.session, here, found.project_id, firm)
    return render_template(
        "micro_projects/bid.html",
        form=form,
        tender=found,
        own=own,
        organization_id=firm,
        events=queries.bid_events(db.session, actor.community_id, own.id) if own else (),
        must_confirm=own is not None and needs_confirming(own),
        unfit=unfit,
        unfit_titles=UNFIT_TITLES,
        states=TenderState,
        bid_states=BidState,
        levels=BoxLevel,
        mark=mark,
        binding=queries.binding_of(db.session, found, firm),
        code=_receipt_code(own),
        most_files=MOST_FILES,
        most_megabytes=MOST_FILE_BYTES >> 20,
        longest=LONGEST_PROPOSAL,
    )
