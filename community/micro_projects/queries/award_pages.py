"""What the pages and the API of register, evaluation and awards show, for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.suppliers import SupplierNotFound
from community.micro_projects.errors.tenders import NoBid
from community.micro_projects.models import Bid, Performance
from community.micro_projects.queries import awards as award_queries
from community.micro_projects.queries import panels as panel_queries
from community.micro_projects.queries.awards import AwardView
from community.micro_projects.queries.bids import BidView, bids_of
from community.micro_projects.queries.evaluators import EvaluatorView, pool
from community.micro_projects.queries.lots import LotView, draw_file, lots_of
from community.micro_projects.queries.panels import SeatView, SheetView
from community.micro_projects.queries.projects import find_project
from community.micro_projects.queries.ranking import Ranking, find_ranking
from community.micro_projects.queries.reviews import (
    LowPriceView,
    ReviewView,
    find_low_price,
    low_prices_of,
    reviews_of,
)
from community.micro_projects.queries.suppliers import (
    SupplierView,
    active_suppliers,
    bidder_fit,
    find_supplier,
    get_public_supplier,
    get_supplier,
    own_supplier,
    suppliers,
)
from community.micro_projects.queries.tenders import (
    CriterionView,
    TenderView,
    criteria_of,
    get_public_tender,
    public_tenders,
)
from community.micro_projects.rules.tenders import TenderState


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a tender is judged; scores and names only as far as they may be known now."""

    tender: TenderView
    criteria: tuple[CriterionView, ...]
    bids: tuple[BidView, ...]
    reviews: dict[int, ReviewView]
    low_prices: dict[int, LowPriceView]
    lots: tuple[LotView, ...]
    seats: tuple[SeatView, ...]
    unsigned: int | None
    sheets: tuple[SheetView, ...]
    ranking: Ranking | None
    awards: tuple[AwardView, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """A tender that takes bids or questions, and whether one's own organisation may bid for it."""

    tender: TenderView
    kind: str
    unfit: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoneWork:
    """One ended contract of an organisation: what was agreed and how late."""

    contract_id: int
    outcome: str
    amount_fen: int
    milestones: int
    late: int
    late_days: int
    problems: int
    content_bp: int | None


def evaluation(session: Session, actor: Actor, tender_id: int) -> Evaluation:
    """Give how a tender is judged, as everybody may know it.

    Scores and ties are told once all have signed, as in the public log; members' names once the
    award is posted. Raises: TenderNotFound.
    """
    return _evaluation(session, actor, tender_id, is_desk=False)


def desk_evaluation(session: Session, actor: Actor, tender_id: int) -> Evaluation:
    """Give how a tender is judged, for the desk: names, and scores once all have signed.

    Raises: TenderNotFound.
    """
    return _evaluation(session, actor, tender_id, is_desk=True)


def evaluation_told(session: Session, actor: Actor, tender_id: int) -> dict[str, Any]:
    """Give how a tender is judged as plain JSON: pairs of bid and criterion are no JSON keys.

    Raises: TenderNotFound.
    """
    found = evaluation(session, actor, tender_id)
    return {
        "tender": tender_id,
        "bids": found.bids,
        "reviews": list(found.reviews.values()),
        "low_prices": list(found.low_prices.values()),
        "lots": found.lots,
        "seats": found.seats,
        "unsigned": found.unsigned,
        "ranking": () if found.ranking is None else found.ranking.lines,
        "sheets": [
            {
                "seat": each.number,
                "void": each.is_void,
                "salt": each.salt,
                "hash": each.sheet_hash,
                "marks": [[*pair, points] for pair, points in sorted(each.marks.items())],
            }
            for each in found.sheets
        ],
        "awards": found.awards,
    }


def register(session: Session, actor: Actor) -> tuple[SupplierView, ...]:
    """List the organisations that were let into the register."""
    return active_suppliers(session, actor.community_id)


def desk_register(session: Session, actor: Actor) -> tuple[SupplierView, ...]:
    """List the whole register for the desk."""
    return suppliers(session, actor.community_id)


def supplier_page(session: Session, actor: Actor, supplier_id: int) -> SupplierView:
    """Give an organisation of the register.

    Raises: SupplierNotFound.
    """
    if actor.may(permissions.READ.code):
        return get_supplier(session, actor.community_id, supplier_id)
    return get_public_supplier(session, actor.community_id, supplier_id)


def done_work(session: Session, actor: Actor, organization_id: int) -> tuple[DoneWork, ...]:
    """List how an organisation did on its ended contracts, the newest first.

    Raises: SupplierNotFound for one that is not in this register.
    """
    if find_supplier(session, actor.community_id, organization_id) is None:
        raise SupplierNotFound
    rows = session.scalars(
        select(Performance)
        .where(
            Performance.community_id == actor.community_id,
            Performance.organization_id == organization_id,
        )
        .order_by(Performance.id.desc())
    )
    return tuple(
        DoneWork(
            row.contract_id,
            row.outcome.value,
            row.amount_fen,
            row.milestones,
            row.late,
            row.late_days,
            row.problems,
            row.content_bp,
        )
        for row in rows
    )


def awards_to(session: Session, actor: Actor, organization_id: int) -> tuple[AwardView, ...]:
    """List what an organisation was awarded here.

    Raises: SupplierNotFound for one that is not in this register.
    """
    if find_supplier(session, actor.community_id, organization_id) is None:
        raise SupplierNotFound
    return award_queries.awards_of_organization(session, actor.community_id, organization_id)


def award_list(session: Session, actor: Actor) -> tuple[AwardView, ...]:
    """List the newest awards."""
    return award_queries.awards(session, actor.community_id)


def award_page(session: Session, actor: Actor, award_id: int) -> AwardView:
    """Give an award.

    Raises: AwardNotFound.
    """
    return award_queries.find_award(session, actor.community_id, award_id)


def lot_file(session: Session, actor: Actor, lot_id: int) -> dict[str, Any]:
    """Give all that anybody needs to repeat a lot.

    Raises: LotNotFound.
    """
    return draw_file(session, actor.community_id, lot_id)


def evaluators(session: Session, actor: Actor) -> tuple[EvaluatorView, ...]:
    """List the pool for the desk."""
    return pool(session, actor.community_id)


def fitting_tenders(session: Session, actor: Actor) -> tuple[Fitting, ...]:
    """List the tenders that take bids now or soon, with what one's own organisation lacks."""
    own = own_supplier(session, actor)
    if own is None:
        return ()
    open_states = {TenderState.ENQUIRY, TenderState.BIDDING}
    found = [each for each in public_tenders(session, actor) if each.state in open_states]
    kinds = {each.id: _kind_of(session, actor, each.project_id) for each in found}
    return tuple(
        Fitting(
            each,
            kinds[each.id],
            tuple(
                reason.value
                for reason in bidder_fit(
                    session,
                    actor.community_id,
                    own.organization_id,
                    clock.today(),
                    kinds[each.id],
                )
            ),
        )
        for each in found
    )


def own_low_price(
    session: Session, actor: Actor, bid_id: int
) -> tuple[TenderView, LowPriceView | None]:
    """Give what one's own organisation was asked about its price.

    Another's bid answers as one that does not exist, so that no number tells of a bid.
    Raises: NoBid.
    """
    bid, own = session.get(Bid, bid_id), own_supplier(session, actor)
    is_here = bid is not None and bid.community_id == actor.community_id
    if not is_here or own is None or bid is None or own.organization_id != bid.organization_id:
        raise NoBid
    tender = get_public_tender(session, actor, bid.tender_id)
    return tender, find_low_price(session, actor.community_id, bid_id)


def desk_tenders_to_judge(session: Session, actor: Actor) -> tuple[TenderView, ...]:
    """List the tenders that are evaluated or posted now, for the desk."""
    now = {TenderState.EVALUATING, TenderState.AWARD_NOTICE}
    return tuple(each for each in public_tenders(session, actor) if each.state in now)


def posted_awards(session: Session, actor: Actor) -> tuple[AwardView, ...]:
    """List the awards that are posted now, the first to end first."""
    found = [each for each in award_list(session, actor) if each.state.value == "pending"]
    return tuple(sorted(found, key=lambda each: each.standstill_until or each.noticed_at))


def _kind_of(session: Session, actor: Actor, project_id: int) -> str:
    return find_project(session, actor.community_id, project_id).kind.value


def _evaluation(session: Session, actor: Actor, tender_id: int, *, is_desk: bool) -> Evaluation:
    here = actor.community_id
    tender = get_public_tender(session, actor, tender_id)
    told = award_queries.awards_of_tender(session, here, tender_id)
    return Evaluation(
        tender,
        criteria_of(session, here, tender_id),
        bids_of(session, here, tender_id),
        reviews_of(session, here, tender_id),
        low_prices_of(session, here, tender_id),
        lots_of(session, here, tender_id),
        panel_queries.seats_of(session, here, tender_id, is_desk=is_desk),
        panel_queries.unsigned(session, here, tender_id),
        panel_queries.sheets_of(session, here, tender_id),
        find_ranking(session, here, tender_id),
        told,
    )


def staff_names(
    session: Session, actor: Actor, organization_id: int
) -> tuple[tuple[int, str], ...]:
    """Name the people who work for an organisation here, for the desk."""
    ids = identity.staff_of(session, actor.community_id, organization_id)
    cards = identity.people(session, actor.community_id, ids)
    return tuple((each, cards[each].name) for each in ids if each in cards)


def last_award(session: Session, actor: Actor, project_id: int) -> AwardView | None:
    """Find the award that holds a project's place now."""
    return award_queries.standing_award(session, actor.community_id, project_id)
