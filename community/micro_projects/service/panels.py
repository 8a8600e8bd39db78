"""The panel of a tender: its pool, who is barred, the draw, recusal and who follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import identity, notices
from community.kernel import clock, events, ids
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.lots import rank
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.awards import NotEvaluating
from community.micro_projects.errors.panels import (
    EvaluatorKnown,
    EvaluatorNotFound,
    LotNotFound,
    PanelExists,
    PanelStands,
    PoolTooSmall,
    SeatLeft,
    SeatNotFound,
)
from community.micro_projects.events import PanelDrawn, ScoresChanged
from community.micro_projects.models import (
    Bid,
    DeclaredConflict,
    Evaluator,
    PanelSeat,
    Project,
    Tender,
    TenderLot,
    TenderLotLine,
    TenderOpener,
    VentureCall,
)
from community.micro_projects.queries.award_terms import award_terms
from community.micro_projects.queries.venture_jury import jury_rows
from community.micro_projects.rules.panels import (
    DRAWN_KINDS,
    ON_PANEL,
    SALT_BYTES,
    Bar,
    Candidate,
    LotPurpose,
    SeatKind,
    SeatState,
    experts_needed,
    fill_seats,
    is_quorate,
    read_line,
    shortfall,
)
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.service.judged import hold_judged
from community.micro_projects.service.tender_lots import (
    ListedLine,
    SeedPlan,
    claim_seed,
    lines_of,
    load_lot,
    publish_list,
    tell_drawn,
)
from community.micro_projects.service.tender_steps import load_tender, lock_tender
from community.micro_projects.service.venture_steps import told_moment


def add_evaluator(
    session: Session, actor: Actor, person_id: int, kind: SeatKind, field: str = ""
) -> int:
    """Let a member into the pool from which panels are drawn, or back into it; gives the entry.

    Raises: NotFound, EvaluatorKnown.
    """
    actor.check(permissions.AWARD.code)
    card = identity.get_person(session, actor.community_id, person_id)
    row = session.scalar(
        select(Evaluator).where(
            Evaluator.community_id == actor.community_id, Evaluator.person_id == person_id
        )
    )
    if row is not None and row.left_at is None:
        raise EvaluatorKnown(name=card.name)
    if row is None:
        row = Evaluator(
            community_id=actor.community_id,
            person_id=person_id,
            added_by=actor.person_id,
            added_at=clock.now(),
        )
        session.add(row)
    row.kind, row.field, row.left_at = kind, field, None
    session.flush()
    return row.id


def remove_evaluator(session: Session, actor: Actor, evaluator_id: int) -> None:
    """Let somebody leave the pool; seats already drawn stay.

    Raises: EvaluatorNotFound.
    """
    actor.check(permissions.AWARD.code)
    row = session.get(Evaluator, evaluator_id)
    if row is None or row.community_id != actor.community_id:
        raise EvaluatorNotFound
    row.left_at = row.left_at or clock.now()
    session.flush()


def publish_panel_list(session: Session, actor: Actor, tender_id: int, plan: SeedPlan) -> int:
    """Publish the hash of who may be drawn for a tender, and the seed's source; gives the lot.

    Bidders' staff, the proposer, relatives and housemates of both, whoever declared a tie, and
    the tender's own officers are left out first. A pool too small is refused, never a smaller
    panel made. A second list is only for a panel that can no longer decide.
    Raises: NotEvaluating, PanelExists, PoolTooSmall, LotSeedKnown, LotSeedWanted.
    """
    actor.check(permissions.AWARD.code)
    tender = _evaluating(session, actor, tender_id)
    running = _running_lot(session, tender)
    if running is not None:
        raise PanelExists
    terms = award_terms(session, actor.community_id, clock.today())
    experts = experts_needed(terms.panel_seats, terms.expert_share)
    barred = find_barred(session, tender)
    rows = session.scalars(
        select(Evaluator)
        .where(
            Evaluator.community_id == actor.community_id,
            Evaluator.left_at.is_(None),
            Evaluator.kind.in_(DRAWN_KINDS),
        )
        .order_by(Evaluator.id)
    ).all()
    alive = identity.people(session, actor.community_id, {row.person_id for row in rows})
    found = [
        (row.person_id, Candidate(ids.random_code(SALT_BYTES), row.kind))
        for row in rows
        if row.person_id not in barred
        and row.person_id in alive
        and alive[row.person_id].died_on is None
    ]
    people, missing = shortfall([one for _, one in found], terms.panel_seats, experts)
    if people or missing:
        raise PoolTooSmall(people=max(people, missing), experts=missing)
    counted = Counter(barred[row.person_id].value for row in rows if row.person_id in barred)
    lines = [ListedLine(one.line, person_id=person_id) for person_id, one in found]
    lot = publish_list(
        session,
        actor,
        tender.id,
        LotPurpose.PANEL,
        lines,
        plan,
        (terms.panel_seats, experts),
        counted,
    )
    return lot.id


def find_barred(session: Session, tender: Tender) -> dict[int, Bar]:
    """Tell who may not sit on a tender's panel, and why; the first reason found is told."""
    community_id = tender.community_id
    bidders = session.scalars(
        select(Bid.organization_id).where(
            Bid.community_id == community_id, Bid.tender_id == tender.id
        )
    ).all()
    barred: dict[int, Bar] = {}
    staff = {
        person_id
        for firm in bidders
        for person_id in identity.staff_of(session, community_id, firm)
    }
    for person_id in staff:
        barred.setdefault(person_id, Bar.BIDDER_STAFF)
    project = session.get_one(Project, tender.project_id)
    barred.setdefault(project.author_id, Bar.PROPOSER)
    for near in (*staff, project.author_id):
        for person_id in close_to(session, community_id, near):
            barred.setdefault(person_id, Bar.RELATIVE)
    declared = session.scalars(
        select(DeclaredConflict.person_id).where(
            DeclaredConflict.community_id == community_id,
            DeclaredConflict.organization_id.in_(bidders),
            DeclaredConflict.ended_at.is_(None),
        )
    )
    for person_id in declared:
        barred.setdefault(person_id, Bar.CONFLICT)
    openers = session.scalars(
        select(TenderOpener.person_id).where(
            TenderOpener.community_id == community_id, TenderOpener.tender_id == tender.id
        )
    )
    officers = (tender.drafted_by, tender.checked_by, tender.opened_by, *openers)
    for officer in officers:
        if officer is not None:
            barred.setdefault(officer, Bar.OFFICER)
    recused = session.scalars(
        select(PanelSeat.person_id).where(
            PanelSeat.community_id == community_id,
            PanelSeat.tender_id == tender.id,
            PanelSeat.left_at.is_not(None),
        )
    )
    for person_id in recused:
        barred.setdefault(person_id, Bar.RECUSED)
    return barred


def draw_panel(session: Session, actor: Actor, lot_id: int, number: str = "") -> int:
    """Draw a panel by the announced seed and tell its members; gives how many sit.

    Raises: LotNotFound, LotDrawn, LotSeedNotYet, LotNoCheckpoint, LotSeedWanted, NotEvaluating.
    """
    actor.check(permissions.AWARD.code)
    lot = load_lot(session, actor, lot_id)
    if lot.purpose is not LotPurpose.PANEL:
        raise LotNotFound
    assert lot.tender_id is not None, "a panel judges a tender"
    tender = _evaluating(session, actor, lot.tender_id)
    claim_seed(session, actor, lot, number)
    seated = fill_lot(session, actor, lot, 1)
    events.tell(session, PanelDrawn(actor.community_id, tender.id))
    return seated


def recuse(session: Session, actor: Actor, seat_id: int, words: str) -> None:
    """Leave one's own seat, or let the officer see to it that a member leaves.

    Before the member has signed, the next in the lot's order takes the seat; afterwards the
    member's scores are void and nobody follows, for the others' scores may be known by then.
    Raises: SeatNotFound, SeatLeft, NotEvaluating.
    """
    row = session.get(PanelSeat, seat_id)
    if row is None or row.community_id != actor.community_id:
        raise SeatNotFound
    if row.person_id != actor.person_id or actor.on_behalf_of is not None:
        actor.check(permissions.AWARD.code)
    hold_judged(session, actor, row)
    session.refresh(row)
    if row.state not in ON_PANEL:
        raise SeatLeft
    lot = None if row.lot_id is None else load_lot(session, actor, row.lot_id)
    was_signed = row.state is SeatState.SIGNED
    last = row.round if lot is None else max(each.round for each in _seats(session, lot))
    done = session.execute(
        update(PanelSeat)
        .where(PanelSeat.id == row.id, PanelSeat.state == row.state)
        .values(
            state=SeatState.VOID if was_signed else SeatState.RECUSED,
            left_at=clock.now(),
            left_words=words,
            left_after=last,
        )
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise SeatLeft
    session.expire_all()
    if lot is not None and not was_signed:
        fill_lot(session, actor, lot, last + 1)
    if row.tender_id is not None:
        events.tell(session, ScoresChanged(row.community_id, row.tender_id))


def give_up_panel(session: Session, actor: Actor, tender_id: int) -> None:
    """Give up a panel that can no longer decide, so that another can be drawn.

    Raises: NotEvaluating, LotNotFound, PanelStands.
    """
    actor.check(permissions.AWARD.code)
    tender = _evaluating(session, actor, tender_id)
    lot = _running_lot(session, tender)
    if lot is None or lot.drawn_at is None:
        raise LotNotFound
    seats = _seats(session, lot)
    sitting = [each for each in seats if each.state in ON_PANEL]
    listed_on = clock.day_of(lot.listed_at)
    share = award_terms(session, actor.community_id, listed_on).expert_share
    is_short = sum(each.state is not SeatState.RECUSED for each in seats) < lot.seats
    if is_quorate([each.kind for each in sitting], share) and not is_short:
        raise PanelStands
    lot.broken_at = clock.now()
    session.flush()


def fill_lot(session: Session, actor: Actor, lot: TenderLot, number: int) -> int:
    """Fill a lot's open seats in the lot's order, in a round; gives how many were drawn."""
    assert lot.seed is not None
    lines = {each.line: each for each in lines_of(session, lot)}
    order = [read_line(line) for line in rank(lot.seed.encode(), list(lines))]
    seats = _seats(session, lot)
    names = {each.id: read_line(each.line).token for each in lines.values()}
    # A seat whose sheet was voided stays taken, for whoever sat there has marked.
    held = [each for each in seats if each.left_at is None or each.state is SeatState.VOID]
    kept = [names[each.line_id or 0] for each in held]
    left = [names[each.line_id or 0] for each in seats if each.state is SeatState.RECUSED]
    # Where nobody is left the seat stays empty, and the panel has to be given up.
    drawn = fill_seats(order, lot.seats, lot.experts, kept, left) or ()
    # Jurors asked by name count on with those drawn.
    is_jury = lot.call_id is not None
    taken = jury_rows(session, session.get_one(VentureCall, lot.call_id)) if is_jury else seats
    for place, one in enumerate(drawn, max((each.number for each in taken), default=0) + 1):
        _write_seat(session, actor, lot, lines[one.line], one, place, number)
    tell_drawn(session, lot, number, [one.line for one in drawn])
    return len(drawn)


def _write_seat(
    session: Session,
    actor: Actor,
    lot: TenderLot,
    line: TenderLotLine,
    one: Candidate,
    place: int,
    number: int,
) -> None:
    assert line.person_id is not None
    row = PanelSeat(
        community_id=lot.community_id,
        tender_id=lot.tender_id,
        call_id=lot.call_id,
        lot_id=lot.id,
        line_id=line.id,
        person_id=line.person_id,
        kind=one.kind,
        number=place,
        round=number,
        state=SeatState.SEATED,
        seated_at=clock.now(),
    )
    session.add(row)
    session.flush()
    notices.send(
        session,
        actor,
        line.person_id,
        say(N_("您被抽中担任评委")),
        _what_to_judge(session, actor, lot),
        f"projects/seats/{row.id}",
        "todo",
    )


def _what_to_judge(session: Session, actor: Actor, lot: TenderLot) -> str:
    if lot.tender_id is not None:
        title = load_tender(session, actor, lot.tender_id).title
        words = N_("请给“{title}”的投标打分并签字。和投标单位有利益关系的，请先回避。")
        return say(words, title=title)
    call = session.get_one(VentureCall, lot.call_id)
    return say(
        N_(
            "“{title}”，{day} 在{place}路演，请用手机打分并签字。和申报单位有利益关系的，请先回避。"
        ),
        title=call.title,
        day=told_moment(call.pitch_at),
        place=call.pitch_place,
    )


def close_to(session: Session, community_id: int, person_id: int) -> frozenset[int]:
    """Name a person's bound relatives and those they share a home with."""
    relatives = identity.relatives_of(session, community_id, person_id)
    household = identity.household_of(session, community_id, person_id)
    if household is None:
        return relatives
    return relatives | frozenset(identity.members_of(session, community_id, household))


def _evaluating(session: Session, actor: Actor, tender_id: int) -> Tender:
    if load_tender(session, actor, tender_id).state is not TenderState.EVALUATING:
        raise NotEvaluating
    return lock_tender(session, actor, tender_id)


def _running_lot(session: Session, tender: Tender) -> TenderLot | None:
    return session.scalar(
        select(TenderLot).where(
            TenderLot.community_id == tender.community_id,
            TenderLot.tender_id == tender.id,
            TenderLot.purpose == LotPurpose.PANEL,
            TenderLot.broken_at.is_(None),
        )
    )


def _seats(session: Session, lot: TenderLot) -> Sequence[PanelSeat]:
    return session.scalars(
        select(PanelSeat)
        .where(PanelSeat.community_id == lot.community_id, PanelSeat.lot_id == lot.id)
        .order_by(PanelSeat.number)
    ).all()
