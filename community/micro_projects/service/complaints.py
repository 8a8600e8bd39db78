"""Objections inside the standstill, complaints to the street after them, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import identity, notices, transparency
from community.kernel import calendar, clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.permissions import Role
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.awards import (
    ComplaintAnsweredAlready,
    ComplaintLate,
    ComplaintNotFound,
    ComplaintTwice,
    ObjectFirst,
    ObjectionLate,
    OwnComplaint,
    RemedyWanted,
)
from community.micro_projects.events import ComplaintAnswered, ComplaintMade
from community.micro_projects.models import Award, Bid, Complaint, Tender
from community.micro_projects.queries.award_terms import award_terms
from community.micro_projects.queries.complaints import complain_until
from community.micro_projects.queries.suppliers import own_supplier
from community.micro_projects.rules.awards import STANDING, AwardState
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.complaints import (
    ComplaintGround,
    ComplaintKind,
    ComplaintState,
    Remedy,
)
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.service.award_steps import last_day, load_award
from community.micro_projects.service.awards import let_fall
from community.micro_projects.service.freezing import fail
from community.micro_projects.service.reviews import settle_bid
from community.micro_projects.service.tender_steps import lock_tender

MADE, ANSWERED = "complaint.made", "complaint.answered"

transparency.name_kinds({MADE: N_("异议和投诉"), ANSWERED: N_("异议和投诉的答复")})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is answered to an objection or complaint; `remedy` follows one that is upheld."""

    is_upheld: bool
    answer: str
    remedy: Remedy | None = None


def object_to(
    session: Session, actor: Actor, award_id: int, ground: ComplaintGround, words: str
) -> int:
    """Object to an award while it is posted; it blocks the contract until answered.

    Whoever works for an organisation objects for it, everybody else as a resident.
    Raises: AwardNotFound, ObjectionLate, ComplaintTwice.
    """
    actor.check(permissions.OBJECT.code)
    row = load_award(session, actor, award_id)
    until = row.standstill_until
    if row.state not in STANDING or (until is not None and clock.now() >= until):
        raise ObjectionLate(until="—" if until is None else last_day(until).isoformat())
    open_one = session.scalar(
        select(Complaint.id).where(
            Complaint.community_id == actor.community_id,
            Complaint.award_id == award_id,
            Complaint.made_by == actor.subject_id,
            Complaint.state == ComplaintState.OPEN,
        )
    )
    if open_one is not None:
        raise ComplaintTwice
    days = award_terms(session, actor.community_id, clock.today()).objection_days
    # A direct award has no standstill: its objection is answered, and blocks nothing.
    made = _write(session, actor, row, None, ground, words, days, is_blocking=until is not None)
    _tell_officers(session, actor, made, Role.STAFF)
    return made.id


def complain(session: Session, actor: Actor, objection_id: int, words: str) -> int:
    """Complain to the street about the answer to one's own objection, or that none came in time.

    While no contract is signed it blocks the award as the objection did.
    Raises: ComplaintNotFound, ObjectFirst, ComplaintLate, ComplaintTwice.
    """
    actor.check(permissions.OBJECT.code)
    before = _load(session, actor, objection_id)
    if before.made_by != actor.subject_id or before.kind is not ComplaintKind.OBJECTION:
        raise ComplaintNotFound
    last = complain_until(session, before)
    if last is None:
        raise ObjectFirst
    if clock.today() > last:
        raise ComplaintLate(until=last.isoformat())
    known = session.scalar(select(Complaint.id).where(Complaint.after_id == before.id))
    if known is not None:
        raise ComplaintTwice
    assert before.award_id is not None
    row = load_award(session, actor, before.award_id)
    made = _write(
        session,
        actor,
        row,
        before,
        before.ground,
        words,
        award_terms(session, actor.community_id, clock.today()).ruling_days,
        is_blocking=row.state in STANDING,
    )
    _tell_officers(session, actor, made, Role.STREET)
    return made.id


def withdraw_complaint(session: Session, actor: Actor, complaint_id: int) -> None:
    """Take one's own objection or complaint back; it stays to be seen.

    Raises: ComplaintNotFound, ComplaintAnsweredAlready.
    """
    actor.check(permissions.OBJECT.code)
    row = _load(session, actor, complaint_id)
    if row.made_by != actor.subject_id:
        raise ComplaintNotFound
    _claim(session, row, state=ComplaintState.WITHDRAWN)


def answer_complaint(session: Session, actor: Actor, complaint_id: int, verdict: Verdict) -> None:
    """Answer an objection (the community) or a complaint (the street), once, in public.

    Nobody answers about an award of their own, nor their own words. Upheld with the bidder out,
    the award falls, the bid no longer counts and the next bidder follows; with a new tender, the
    result is void.
    Raises: ComplaintNotFound, OwnComplaint, RemedyWanted, ComplaintAnsweredAlready,
    ContractSigned.
    """
    row = _load(session, actor, complaint_id)
    is_street = row.kind is ComplaintKind.COMPLAINT
    if is_street or not actor.may(permissions.AWARD.code):
        actor.check(permissions.REVIEW.code)
    assert row.award_id is not None
    award = load_award(session, actor, row.award_id)
    if actor.person_id is not None and actor.person_id in {row.made_by, award.decided_by}:
        raise OwnComplaint
    if verdict.is_upheld and verdict.remedy is None:
        raise RemedyWanted
    _claim(
        session,
        row,
        state=ComplaintState.UPHELD if verdict.is_upheld else ComplaintState.REJECTED,
        remedy=verdict.remedy if verdict.is_upheld else None,
        answer=verdict.answer,
        answered_by=actor.person_id,
        answered_at=clock.now(),
    )
    told = {
        "complaint": row.id,
        "award": award.id,
        "state": row.state.value,
        "remedy": None if row.remedy is None else row.remedy.value,
        "answer": transparency.hide(
            session, actor.community_id, f"complaint:{row.id}|{verdict.answer}"
        ),
    }
    transparency.publish(session, actor.community_id, ANSWERED, told, row.id)
    if verdict.is_upheld and award.state in STANDING:
        _remedy(session, actor, award, verdict)
    if row.made_by is not None:
        upheld = say(N_("您的异议成立")) if verdict.is_upheld else say(N_("您的异议不成立"))
        link = f"projects/awards/{award.id}"
        notices.send(session, actor, row.made_by, upheld, verdict.answer, link, "change")
    events.tell(session, ComplaintAnswered(actor.community_id, row.id))


def _remedy(session: Session, actor: Actor, award: Award, verdict: Verdict) -> None:
    if verdict.remedy is Remedy.NO_CHANGE:
        return
    let_fall(session, actor, award, AwardState.CANCELLED, verdict.answer)
    if award.tender_id is None or award.bid_id is None:
        return
    tender: Tender = lock_tender(session, actor, award.tender_id)
    if tender.state is not TenderState.EVALUATING:
        return
    if verdict.remedy is Remedy.RETENDER:
        fail(session, actor, tender, verdict.answer)
        return
    bid = session.get_one(Bid, award.bid_id)
    settle_bid(session, actor, bid, BidState.DISQUALIFIED, verdict.answer)


def _write(
    session: Session,
    actor: Actor,
    award: Award,
    after: Complaint | None,
    ground: ComplaintGround,
    words: str,
    days: int,
    *,
    is_blocking: bool,
) -> Complaint:
    supplier = own_supplier(session, actor)
    kind = ComplaintKind.OBJECTION if after is None else ComplaintKind.COMPLAINT
    row = Complaint(
        community_id=actor.community_id,
        kind=kind,
        tender_id=award.tender_id,
        award_id=award.id,
        after_id=None if after is None else after.id,
        organization_id=None if supplier is None else supplier.organization_id,
        made_by=actor.subject_id,
        ground=ground,
        words=words,
        made_at=clock.now(),
        due_on=calendar.add_working_days(session, actor.community_id, clock.today(), days),
        is_blocking=is_blocking,
        state=ComplaintState.OPEN,
    )
    session.add(row)
    session.flush()
    told = {
        "complaint": row.id,
        "award": award.id,
        "step": kind.value,
        "ground": ground.value,
        "due": row.due_on.isoformat(),
        "words": transparency.hide(session, actor.community_id, f"complaint:{row.id}|{words}"),
    }
    transparency.publish(session, actor.community_id, MADE, told, row.id)
    events.tell(session, ComplaintMade(actor.community_id, row.id))
    return row


def _tell_officers(session: Session, actor: Actor, row: Complaint, role: Role) -> None:
    title = say(N_("有异议等待答复")) if row.after_id is None else say(N_("有投诉等待处理"))
    body = say(N_("请在 {day} 前答复：{words}"), day=row.due_on.isoformat(), words=row.words)
    for person_id in identity.people_with_role(session, actor.community_id, role):
        notices.send(session, actor, person_id, title, body, "desk/complaints", "todo")


def _load(session: Session, actor: Actor, complaint_id: int) -> Complaint:
    row = session.get(Complaint, complaint_id)
    if row is None or row.community_id != actor.community_id:
        raise ComplaintNotFound
    return row


def _claim(session: Session, row: Complaint, **values: object) -> None:
    done = session.execute(
        update(Complaint)
        .where(Complaint.id == row.id, Complaint.state == ComplaintState.OPEN)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise ComplaintAnsweredAlready
    session.refresh(row)
