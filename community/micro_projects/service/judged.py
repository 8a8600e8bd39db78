"""What a seat judges: a tender's valid bids, or the eligible applications of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.errors.awards import NotEvaluating, ReviewOpen
from community.micro_projects.errors.panels import SeatLeft
from community.micro_projects.errors.venture import JuryIncomplete, PitchNotYet, ScreeningOpen
from community.micro_projects.models import (
    Bid,
    PanelSeat,
    TenderCriterion,
    VentureApplication,
    VentureCriterion,
)
from community.micro_projects.queries.panels import SheetView, sheets_of
from community.micro_projects.queries.reviews import pending_bids
from community.micro_projects.queries.venture_jury import jury_gaps, jury_sheets
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.panels import SeatState
from community.micro_projects.rules.tenders import CriterionKind, TenderState
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_calls import CallState
from community.micro_projects.service.tender_steps import load_tender, lock_tender
from community.micro_projects.service.venture_steps import (
    applications_at,
    load_call,
    lock_call,
    told_moment,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """A criterion: its name, and the most it gives, in hundredths of a point."""

    title: str
    most: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What is marked, on which criteria, and how the public log names the whole.

    `entries` are bids, or applications of a call.
    """

    entries: tuple[int, ...]
    scales: Mapping[int, Scale]
    named: Mapping[str, int]

    @property
    def wanted(self) -> set[tuple[int, int]]:
        """Name every mark that a whole sheet has."""
        return {(entry, criterion) for entry in self.entries for criterion in self.scales}


def take_seat(session: Session, actor: Actor, seat: PanelSeat) -> Judged:
    """Hold what a seat judges while its member marks or signs.

    Raises: NotEvaluating, SeatLeft, ReviewOpen; of a call ScreeningOpen, JuryIncomplete,
    PitchNotYet.
    """
    if seat.tender_id is not None:
        return _of_tender(session, actor, seat, seat.tender_id)
    assert seat.call_id is not None, "a seat is of a tender or of a call"
    return _of_call(session, actor, seat, seat.call_id)


def hold_judged(session: Session, actor: Actor, seat: PanelSeat) -> None:
    """Hold what a seat judges while somebody leaves it.

    Raises: NotEvaluating.
    """
    if seat.tender_id is not None:
        if load_tender(session, actor, seat.tender_id).state is not TenderState.EVALUATING:
            raise NotEvaluating
        lock_tender(session, actor, seat.tender_id)
        return
    assert seat.call_id is not None, "a seat is of a tender or of a call"
    if load_call(session, actor, seat.call_id).state is not CallState.JUDGING:
        raise NotEvaluating
    lock_call(session, actor, seat.call_id)


def told_sheets(session: Session, seat: PanelSeat) -> tuple[SheetView, ...]:
    """Give the sheets beside a seat's own once all have signed; none before."""
    if seat.tender_id is not None:
        return sheets_of(session, seat.community_id, seat.tender_id)
    return jury_sheets(session, seat.community_id, seat.call_id or 0)


def _of_tender(session: Session, actor: Actor, seat: PanelSeat, tender_id: int) -> Judged:
    hold_judged(session, actor, seat)
    _check_seated(session, seat)
    waits = pending_bids(session, actor.community_id, tender_id)
    if waits:
        raise ReviewOpen(count=waits)
    criteria = session.scalars(
        select(TenderCriterion).where(
            TenderCriterion.community_id == seat.community_id,
            TenderCriterion.tender_id == tender_id,
            TenderCriterion.kind != CriterionKind.PRICE,
        )
    )
    bids = session.scalars(
        select(Bid.id)
        .where(
            Bid.community_id == seat.community_id,
            Bid.tender_id == tender_id,
            Bid.state == BidState.VALID,
        )
        .order_by(Bid.id)
    )
    assert seat.lot_id is not None, "a seat of a panel is drawn"
    return Judged(
        tuple(bids),
        {row.id: Scale(row.title, row.weight * 100) for row in criteria},
        {"tender": tender_id, "lot": seat.lot_id},
    )


def _of_call(session: Session, actor: Actor, seat: PanelSeat, call_id: int) -> Judged:
    hold_judged(session, actor, seat)
    _check_seated(session, seat)
    call = load_call(session, actor, call_id)
    waits = applications_at(session, call, ApplicationState.SUBMITTED)
    if waits:
        raise ScreeningOpen(count=len(waits))
    missing = sum(jury_gaps(session, call).values())
    if missing:
        raise JuryIncomplete(count=missing)
    if clock.now() < call.pitch_at:
        raise PitchNotYet(at=told_moment(call.pitch_at))
    entries = session.scalars(
        select(VentureApplication.id)
        .where(
            VentureApplication.community_id == call.community_id,
            VentureApplication.call_id == call.id,
            VentureApplication.state == ApplicationState.ELIGIBLE,
        )
        .order_by(VentureApplication.id)
    )
    criteria = session.scalars(
        select(VentureCriterion).where(
            VentureCriterion.community_id == call.community_id,
            VentureCriterion.call_id == call.id,
        )
    )
    return Judged(
        tuple(entries),
        {row.id: Scale(row.title, row.weight_bp) for row in criteria},
        {"call": call_id},
    )


def _check_seated(session: Session, seat: PanelSeat) -> None:
    session.refresh(seat)
    if seat.state is not SeatState.SEATED:
        raise SeatLeft
