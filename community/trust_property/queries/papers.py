"""Which papers belong to a fund: only these are served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.transparency import PackFile, find_record
from community.trust_property.models import (
    Handover,
    Matter,
    PaperOpening,
    PaperTwin,
    RequestPaper,
    SpendingRequest,
)
from community.trust_property.queries.fund import get_fund

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class OpeningView:
    """That an original was opened: in which role, when and why; the log has the person's hash."""

    id: int
    file_id: int
    sha256: str
    role: str
    reason: str
    opened_at: datetime


def openings(
    session: Session, actor: Actor, fund_id: int, file_id: int | None = None
) -> tuple[OpeningView, ...]:
    """List the openings of a fund's originals, or of one of them, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    found = select(PaperOpening).where(
        PaperOpening.community_id == actor.community_id, PaperOpening.fund_id == fund_id
    )
    if file_id is not None:
        found = found.where(PaperOpening.file_id == file_id)
    return tuple(
        OpeningView(row.id, row.file_id, row.sha256, row.role, row.reason, row.opened_at)
        for row in session.scalars(found.order_by(PaperOpening.id.desc()).limit(MOST_SHOWN))
    )


def find_twin(session: Session, actor: Actor, sha256: str) -> int | None:
    """Find the newest public copy of the original with a hash."""
    return session.scalar(
        select(PaperTwin.id)
        .where(PaperTwin.community_id == actor.community_id, PaperTwin.original_sha256 == sha256)
        .order_by(PaperTwin.id.desc())
        .limit(1)
    )


def get_twin(session: Session, actor: Actor, twin_id: int) -> files.FileView:
    """Get a public copy.

    Raises: NotFound.
    """
    row = session.get(PaperTwin, twin_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return files.get_file(session, actor.community_id, row.file_id)


def get_paper(session: Session, actor: Actor, fund_id: int, file_id: int) -> files.FileView:
    """Get a paper of a fund's matters, requests or handovers.

    Raises: FundNotFound, NotFound.
    """
    get_fund(session, actor, fund_id)
    found = files.get_file(session, actor.community_id, file_id)
    if not _belongs(session, actor, fund_id, file_id):
        raise NotFound
    return found


def _belongs(session: Session, actor: Actor, fund_id: int, file_id: int) -> bool:
    request = (
        select(RequestPaper.id)
        .join(SpendingRequest, SpendingRequest.id == RequestPaper.request_id)
        .where(
            RequestPaper.community_id == actor.community_id,
            RequestPaper.file_id == file_id,
            SpendingRequest.fund_id == fund_id,
        )
    )
    handover = select(Handover.id).where(
        Handover.community_id == actor.community_id,
        Handover.fund_id == fund_id,
        Handover.signed_file_id == file_id,
    )
    if session.scalar(request) is not None or session.scalar(handover) is not None:
        return True
    vouchers = session.scalars(
        select(Matter.vouchers).where(
            Matter.community_id == actor.community_id, Matter.fund_id == fund_id
        )
    )
    return any(file_id == paper[1] for papers in vouchers for paper in papers)


def twin_files(session: Session, community_id: int) -> Iterator[PackFile]:
    """Yield the public copies of a community's papers, for its audit pack."""
    rows = session.scalars(
        select(PaperTwin).where(PaperTwin.community_id == community_id).order_by(PaperTwin.sha256)
    ).all()
    for row in rows:
        record = find_record(session, community_id, "trust.twin", row.id)
        if record is None or not record.is_sealed:
            # The pack's own log does not tell of it yet.
            continue
        view = files.get_file(session, community_id, row.file_id)
        ending = "." + ("jpg" if view.kind is files.FileKind.JPEG else view.kind.value)
        yield PackFile("vouchers", ending, partial(_bytes, view))


def _bytes(view: files.FileView) -> bytes:
    with files.open_file(view) as opened:
        return opened.read()
