"""The award of a tender: a tie by lot, the notice and its standstill, final, or the next bidder."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import notices
from community.kernel import calendar, clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.lots import rank
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.awards import (
    ContractSigned,
    LowPriceOpen,
    NobodyLeft,
    NotEvaluating,
    NoTie,
    NotTheBidder,
    ObjectionOpen,
    PanelBroken,
    ReviewOpen,
    StandstillRuns,
    StillSomebody,
    TieUndrawn,
)
from community.micro_projects.errors.panels import LotNotFound, TieListed
from community.micro_projects.events import ScoresChanged
from community.micro_projects.models import Award, Bid, Contract, Project, Tender, TenderLot
from community.micro_projects.queries.award_terms import award_terms
from community.micro_projects.queries.awards import open_blocks
from community.micro_projects.queries.bids import bids_of
from community.micro_projects.queries.lots import lots_of
from community.micro_projects.queries.money import free_money
from community.micro_projects.queries.ranking import Ranking, get_ranking
from community.micro_projects.queries.reviews import low_bids, low_prices_of, pending_bids
from community.micro_projects.rules.awards import AwardState
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.panels import LotPurpose
from community.micro_projects.rules.scores import Ranked
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.service.award_steps import (
    check_fit,
    check_vacant,
    fall_award,
    last_day,
    load_award,
    make_final,
    post_award,
)
from community.micro_projects.service.freezing import fail
from community.micro_projects.service.moving import load_project, move_project
from community.micro_projects.service.suppliers import own_firm, tell_staff
from community.micro_projects.service.tender_lots import (
    ListedLine,
    SeedPlan,
    claim_seed,
    lines_of,
    load_lot,
    publish_list,
    tell_drawn,
)
from community.micro_projects.service.tender_steps import claim_step, load_tender, lock_tender


def publish_tie_list(session: Session, actor: Actor, tender_id: int, plan: SeedPlan) -> int:
    """Publish which tied bids a lot will part, and the seed's source; gives the lot.

    One list at a time: of two with two seeds one could draw whichever pleases.
    Raises: NotEvaluating, SheetsOpen, NoTie, TieListed, LotSeedKnown, LotSeedWanted.
    """
    actor.check(permissions.AWARD.code)
    tender = _evaluating(session, actor, tender_id)
    tied = get_ranking(session, actor.community_id, tender.id).leading_tie
    if not tied:
        raise NoTie
    listed = lots_of(session, actor.community_id, tender.id)
    if any(each.purpose is LotPurpose.TIE and each.drawn_at is None for each in listed):
        raise TieListed
    lines = [ListedLine(f"bid-{bid_id}", bid_id=bid_id) for bid_id in sorted(tied)]
    lot = publish_list(session, actor, tender.id, LotPurpose.TIE, lines, plan)
    return lot.id


def draw_tie(session: Session, actor: Actor, lot_id: int, number: str = "") -> None:
    """Part tied bids by the announced seed, once and for good.

    Raises: LotNotFound, LotDrawn, LotSeedNotYet, LotNoCheckpoint, LotSeedWanted, NotEvaluating.
    """
    actor.check(permissions.AWARD.code)
    lot: TenderLot = load_lot(session, actor, lot_id)
    if lot.purpose is not LotPurpose.TIE:
        raise LotNotFound
    assert lot.tender_id is not None, "bids of a tender are tied"
    _evaluating(session, actor, lot.tender_id)
    seed = claim_seed(session, actor, lot, number)
    lines = {each.line: each for each in lines_of(session, lot)}
    order = rank(seed.encode(), list(lines))
    for place, line in enumerate(order, 1):
        lines[line].place = place
    session.flush()
    tell_drawn(session, lot, 1, order)
    events.tell(session, ScoresChanged(actor.community_id, lot.tender_id))


def notice_award(session: Session, actor: Actor, tender_id: int) -> int:
    """Post who comes first, with the standstill; gives the award's id.

    Who refused or fell is passed over, so this is also how the next bidder follows.
    Raises: NotEvaluating, ReviewOpen, SheetsOpen, PanelBroken, LowPriceOpen, TieUndrawn,
    NobodyLeft, AwardStands, SupplierUnfit.
    """
    actor.check(permissions.AWARD.code)
    tender = _evaluating(session, actor, tender_id)
    waits = pending_bids(session, actor.community_id, tender.id)
    if waits:
        raise ReviewOpen(count=waits)
    ranking = get_ranking(session, actor.community_id, tender.id)
    if not ranking.is_quorate:
        raise PanelBroken
    first = _clear_first(session, actor, tender, ranking)
    check_vacant(session, actor, tender.project_id)
    bid = session.get_one(Bid, first.bid_id)
    project = load_project(session, actor, tender.project_id)
    check_fit(session, actor, bid.organization_id, project.kind.value)
    terms = award_terms(session, actor.community_id, clock.today())
    last = calendar.add_working_days(
        session, actor.community_id, clock.today(), terms.standstill_days
    )
    row = Award(
        community_id=actor.community_id,
        project_id=tender.project_id,
        tender_id=tender.id,
        bid_id=bid.id,
        organization_id=bid.organization_id,
        method=tender.method,
        amount_fen=first.price_fen,
        state=AwardState.PENDING,
        place=first.place,
        reason=str(_reason(ranking, first)),
        near_jobs=[],
        decided_by=actor.person_id,
        noticed_at=clock.now(),
        standstill_until=clock.at(last + timedelta(days=1)),
    )
    post_award(session, actor, row)
    claim_step(session, actor, tender, TenderState.AWARD_NOTICE, f"award:{row.id}")
    _tell_bidders(session, actor, tender, row)
    return row.id


def finalize_award(session: Session, actor: Actor, award_id: int) -> None:
    """Let a posted award be final: the standstill is over and nothing blocks it.

    Its whole amount is set aside in the project's money in the same act.
    Raises: AwardNotFound, AwardStateWrong, StandstillRuns, ObjectionOpen, ProjectMoneyShort.
    """
    actor.check(permissions.AWARD.code)
    row = load_award(session, actor, award_id)
    _finalize(session, actor, row)


def refuse_award(session: Session, actor: Actor, award_id: int, words: str) -> None:
    """Say for one's own organisation that it does not take the award; the next bidder follows.

    Raises: AwardNotFound, NotTheBidder, AwardStateWrong, ContractSigned.
    """
    actor.check(permissions.SUPPLY.code)
    row = load_award(session, actor, award_id)
    if own_firm(session, actor) != row.organization_id:
        raise NotTheBidder
    let_fall(session, actor, row, AwardState.REFUSED, words)


def record_refusal(session: Session, actor: Actor, award_id: int, words: str) -> None:
    """Write down that the winner does not sign, where it said so on paper or not at all.

    Raises: AwardNotFound, AwardStateWrong, ContractSigned.
    """
    actor.check(permissions.AWARD.code)
    let_fall(session, actor, load_award(session, actor, award_id), AwardState.REFUSED, words)


def cancel_award(session: Session, actor: Actor, award_id: int, words: str) -> None:
    """Cancel an award before its contract, with the public reason.

    Raises: AwardNotFound, AwardStateWrong, ContractSigned.
    """
    actor.check(permissions.AWARD.code)
    let_fall(session, actor, load_award(session, actor, award_id), AwardState.CANCELLED, words)


def declare_failed(session: Session, actor: Actor, tender_id: int) -> None:
    """End a tender none of whose bidders is left; it can be repeated, linked to this one.

    Raises: NotEvaluating, ReviewOpen, StillSomebody.
    """
    actor.check(permissions.AWARD.code)
    tender = _evaluating(session, actor, tender_id)
    waits = pending_bids(session, actor.community_id, tender.id)
    if waits:
        raise ReviewOpen(count=waits)
    valid = set(
        session.scalars(
            select(Bid.id).where(
                Bid.community_id == actor.community_id,
                Bid.tender_id == tender.id,
                Bid.state == BidState.VALID,
            )
        )
    )
    if valid - _fallen(session, tender):
        raise StillSomebody
    reason = str(say(N_("没有有效的投标单位可以中选，按规则流标。")))
    fail(session, actor, tender, reason)


def finalize_due_awards(session: Session, actor: Actor) -> int:
    """Let awards be final whose standstill is over and that nothing blocks; gives how many.

    One whose project is short of money waits for the officer, who is told by the page.
    """
    due = session.scalars(
        select(Award)
        .where(
            Award.community_id == actor.community_id,
            Award.state == AwardState.PENDING,
            Award.standstill_until <= clock.now(),
        )
        .order_by(Award.id)
    ).all()
    done = 0
    for row in due:
        if open_blocks(session, actor.community_id, row.id):
            continue
        if not is_funded(session, row):
            continue
        _finalize(session, actor, row)
        done += 1
    return done


def _finalize(session: Session, actor: Actor, row: Award) -> None:
    if row.standstill_until is not None and clock.now() < row.standstill_until:
        raise StandstillRuns(until=last_day(row.standstill_until).isoformat())
    blocks = open_blocks(session, actor.community_id, row.id)
    if blocks:
        raise ObjectionOpen(count=blocks)
    # First, for what the award's event publishes tells of the tender too.
    if row.tender_id is not None:
        tender = lock_tender(session, actor, row.tender_id)
        claim_step(session, actor, tender, TenderState.AWARDED, f"award:{row.id}")
    make_final(session, actor, row)
    title = say(N_("中选结果已确定，请准备签合同"))
    tell_staff(
        session, actor, row.organization_id, title, title, f"projects/awards/{row.id}", "todo"
    )


def let_fall(session: Session, actor: Actor, row: Award, to: AwardState, words: str) -> None:
    """Let an award fall before its contract, and its tender go back to the evaluation.

    Raises: AwardStateWrong, ContractSigned.
    """
    signed = session.scalar(
        select(Contract.id).where(
            Contract.community_id == row.community_id,
            Contract.award_id == row.id,
            Contract.state != ContractState.CANCELLED,
        )
    )
    if signed is not None:
        raise ContractSigned
    fall_award(session, actor, row, to, words)
    if row.tender_id is None:
        project = session.get_one(Project, row.project_id)
        if project.state is ProjectState.PROCURING:
            ref = f"award:{row.id}"
            move_project(session, actor, project.id, ProjectState.APPROVED, ref, words)
        return
    tender = lock_tender(session, actor, row.tender_id)
    if tender.state in {TenderState.AWARD_NOTICE, TenderState.AWARDED}:
        ref = f"award:{row.id}"
        claim_step(session, actor, tender, TenderState.EVALUATING, ref, words)
    if tender.drafted_by is not None:
        link = f"desk/tenders/{tender.id}/evaluation"
        title = say(N_("中选结果没有保住，请办理下一名"))
        notices.send(session, actor, tender.drafted_by, title, words, link, "todo")


def _clear_first(session: Session, actor: Actor, tender: Tender, ranking: Ranking) -> Ranked:
    """Give the first who may be awarded, or say what waits."""
    first = ranking.first
    if first is None:
        raise NobodyLeft
    tied = ranking.leading_tie
    names = {
        each.id: each.organization_name for each in bids_of(session, actor.community_id, tender.id)
    }
    if tied:
        raise TieUndrawn(names="、".join(names.get(each, "") for each in tied))
    asked = low_prices_of(session, actor.community_id, tender.id)
    low = low_bids(session, actor.community_id, tender.id)
    waiting = [
        bid_id
        for bid_id in ({*low, *asked} - ranking.passed_over)
        if bid_id in {one.bid_id for one in ranking.lines}
        and (bid_id not in asked or asked[bid_id].decided_at is None)
    ]
    if waiting:
        raise LowPriceOpen(names="、".join(names.get(each, "") for each in sorted(waiting)))
    return first


def _reason(ranking: Ranking, first: Ranked) -> str:
    return say(
        N_("总分 {total}（价格 {price}，评委 {technical}），在 {count} 家有效投标中排第 {place}"),
        total=_points(first.total),
        price=_points(first.price_score),
        technical=_points(first.technical),
        count=len(ranking.lines),
        place=first.place,
    )


def _tell_bidders(session: Session, actor: Actor, tender: Tender, row: Award) -> None:
    assert row.standstill_until is not None
    until = last_day(row.standstill_until).isoformat()
    for each in bids_of(session, actor.community_id, tender.id):
        won = each.organization_id == row.organization_id
        title = say(N_("您的单位列为中选单位")) if won else say(N_("招标结果已公示"))
        body = say(
            N_("“{title}”，中选价 {amount} 元，公示到 {day}。有异议请在公示期内提出。"),
            title=tender.title,
            amount=yuan(row.amount_fen),
            day=until,
        )
        link = f"projects/awards/{row.id}"
        tell_staff(session, actor, each.organization_id, title, body, link)


def _fallen(session: Session, tender: Tender) -> set[int]:
    rows = session.scalars(
        select(Award.bid_id).where(
            Award.community_id == tender.community_id,
            Award.tender_id == tender.id,
            Award.state.in_((AwardState.REFUSED, AwardState.CANCELLED)),
        )
    )
    return {bid_id for bid_id in rows if bid_id is not None}


def _evaluating(session: Session, actor: Actor, tender_id: int) -> Tender:
    if load_tender(session, actor, tender_id).state is not TenderState.EVALUATING:
        raise NotEvaluating
    return lock_tender(session, actor, tender_id)


def is_funded(session: Session, row: Award) -> bool:
    """Tell whether a project's money bears an award."""
    return free_money(session, row.community_id, row.project_id) >= row.amount_fen


def _points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
