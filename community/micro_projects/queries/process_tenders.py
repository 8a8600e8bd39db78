"""A tender and its opened bids as facts of a contracting process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from community.kernel import clock, files
from community.micro_projects.models import (
    Award,
    Bid,
    BidFile,
    Complaint,
    Project,
    Tender,
    TenderAmendment,
    TenderCriterion,
    TenderDocument,
    TenderQuestion,
)
from community.micro_projects.open_contracting import facts
from community.micro_projects.queries.process_awards import read_complaints
from community.micro_projects.queries.process_scores import scores_of
from community.micro_projects.queries.public_addresses import public_address
from community.micro_projects.rules.awards import GROUND_TITLES, AwardState
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.tenders import (
    METHOD_TITLES,
    SEALED_METHODS,
    CriterionKind,
    TenderMethod,
    TenderState,
)

R = TypeVar("R", TenderAmendment, TenderCriterion, TenderDocument, TenderQuestion, Complaint)
CATEGORIES = {
    ProjectKind.SERVICE: "services",
    ProjectKind.GOODS: "goods",
    ProjectKind.WORKS: "works",
}
METHODS = {
    TenderMethod.OPEN: "open",
    # Only organizations found fit come to the negotiation; quotations are asked of a few.
    TenderMethod.NEGOTIATED: "selective",
    TenderMethod.QUOTATION: "limited",
    TenderMethod.DIRECT: "direct",
}
_ENDS = {
    TenderState.AWARDED: "complete",
    TenderState.CONTRACTED: "complete",
    TenderState.COMPLETE: "complete",
    TenderState.UNSUCCESSFUL: "unsuccessful",
    TenderState.CANCELLED: "cancelled",
}
_DIRECT = {
    AwardState.PENDING: "active",
    AwardState.ACTIVE: "complete",
    AwardState.CANCELLED: "cancelled",
    AwardState.REFUSED: "unsuccessful",
}


def read_tender(session: Session, tender: Tender, awards: Sequence[Award]) -> facts.Tender:
    """Read what is public of a tender."""
    project = session.get_one(Project, tender.project_id)
    criteria = _of(session, TenderCriterion, tender, TenderCriterion.number)
    kinds = {each.kind for each in criteria}
    is_sealed = tender.method in SEALED_METHODS
    return facts.Tender(
        id=f"tender-{tender.id}",
        title=tender.title,
        status=_ENDS.get(tender.state, "active"),
        method=METHODS[tender.method],
        method_words=METHOD_TITLES[tender.method],
        rationale=tender.rules_basis,
        category=CATEGORIES[project.kind],
        value_fen=tender.budget_fen,
        enquiry=_enquiry(tender),
        bidding=(tender.opens_at, tender.deadline)
        if is_sealed and tender.opens_at and tender.deadline
        else None,
        opened_at=_opened_at(tender, awards),
        criteria_kind=_criteria_kind(kinds),
        criteria=tuple(
            facts.Criterion(
                "price" if each.kind is CriterionKind.PRICE else "quality",
                each.title,
                each.weight,
            )
            for each in criteria
        ),
        files=_files(session, tender),
        questions=tuple(
            facts.Question(
                f"question-{each.id}", each.asked_at, each.words, each.answer, each.answered_at
            )
            for each in _of(session, TenderQuestion, tender, TenderQuestion.id)
            if each.answer
        ),
        amendments=tuple(
            facts.Amendment(
                f"amendment-{each.number}",
                each.amended_at,
                each.words,
                f"投标截止：{_moment(each.deadline_before)} → {_moment(each.deadline_after)}",
            )
            for each in _of(session, TenderAmendment, tender, TenderAmendment.number)
        ),
        complaints=read_complaints(
            _of(session, Complaint, tender, Complaint.id, Complaint.award_id.is_(None))
        ),
    )


def read_direct(award: Award, project: Project) -> facts.Tender:
    """Read a direct award as the process it is: one organization asked, the reason public."""
    ground = GROUND_TITLES[award.ground] if award.ground else ""
    return facts.Tender(
        id=f"direct-{award.id}",
        title=project.title,
        status=_DIRECT[award.state],
        method=METHODS[TenderMethod.DIRECT],
        method_words=METHOD_TITLES[TenderMethod.DIRECT],
        rationale="；".join(each for each in (ground, award.reason, award.split_words) if each),
        category=CATEGORIES[project.kind],
        value_fen=project.budget_fen,
    )


def read_bids(
    session: Session,
    tender: Tender,
    awards: Sequence[Award],
    names: Mapping[int, facts.Organization],
) -> tuple[facts.Bid, ...]:
    """Read the bids once they are opened; a withdrawn one was never read by anybody."""
    opened_at = _opened_at(tender, awards)
    if opened_at is None:
        return ()
    rows = session.scalars(
        select(Bid)
        .where(
            Bid.community_id == tender.community_id,
            Bid.tender_id == tender.id,
            Bid.state.not_in((BidState.WITHDRAWN, BidState.INVITED)),
        )
        .order_by(Bid.id)
    ).all()
    scores, places = scores_of(session, tender)
    return tuple(
        facts.Bid(
            id=f"bid-{row.id}",
            organization=names[row.organization_id],
            submitted_at=row.submitted_at or opened_at,
            status=row.state.value,
            price_fen=row.price_fen,
            reason=row.disqualified_reason,
            rank=places.get(row.id),
            files=_bid_files(session, row),
            scores=scores.get(row.id, ()),
        )
        for row in rows
    )


def _opened_at(tender: Tender, awards: Sequence[Award]) -> datetime | None:
    """Tell when bids became public; quotations do so with the choice."""
    if tender.opened_at is not None or not awards or tender.method in SEALED_METHODS:
        return tender.opened_at
    return min(each.noticed_at for each in awards)


def _enquiry(tender: Tender) -> tuple[datetime, datetime] | None:
    begins, ends = tender.published_at, tender.questions_until
    return (begins, ends) if begins and ends and begins < ends else None


def _criteria_kind(kinds: set[CriterionKind]) -> str:
    if not kinds:
        return ""
    return "priceOnly" if kinds == {CriterionKind.PRICE} else "ratedCriteria"


def _files(session: Session, tender: Tender) -> tuple[facts.File, ...]:
    return tuple(
        facts.File(
            f"document-{each.id}",
            each.title,
            "biddingDocuments",
            files.get_file(session, tender.community_id, each.file_id).sha256,
            each.added_at,
            url=public_address(
                session, tender.community_id, f"projects/tenders/documents/{each.id}"
            ),
        )
        for each in _of(session, TenderDocument, tender, TenderDocument.id)
    )


def _bid_files(session: Session, bid: Bid) -> tuple[facts.File, ...]:
    rows = session.scalars(
        select(BidFile)
        .where(BidFile.community_id == bid.community_id, BidFile.bid_id == bid.id)
        .order_by(BidFile.place)
    )
    return tuple(
        facts.File(f"bid-file-{each.id}", each.name, "", each.sha256, bid.opened_at)
        for each in rows
    )


def _of(
    session: Session, table: type[R], tender: Tender, order: Any, *more: ColumnElement[bool]
) -> list[R]:
    """List a tender's rows of a table in their order."""
    kind: Any = table
    chosen = select(kind).where(
        kind.community_id == tender.community_id, kind.tender_id == tender.id, *more
    )
    return list(session.scalars(chosen.order_by(order)))


def _moment(instant: datetime) -> str:
    return f"{instant.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
