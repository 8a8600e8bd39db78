"""Which papers belong to a fund: only these are served."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.trust_property.models import Handover, Matter, RequestPaper, SpendingRequest
from community.trust_property.queries.fund import get_fund


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
