"""Which papers belong to a fund: only these are served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
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
