"""Screening applications, and the jury of a call: experts, residents and officials of the pool."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, notices, transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.projects import ReasonMissing
from community.micro_projects.errors.venture import (
    ApplicationStateWrong,
    JurorBarred,
    JurorListed,
    JurorSits,
    JurorUnknown,
    JuryListRuns,
    KindFull,
    MarksGiven,
)
from community.micro_projects.models import (
    DeclaredConflict,
    Evaluator,
    PanelSeat,
    VentureApplication,
    VentureCall,
)
from community.micro_projects.queries.venture_jury import jury_gaps, jury_rows
from community.micro_projects.queries.venture_lots import jury_lot
from community.micro_projects.rules.panels import (
    SEAT_KIND_TITLES,
    Bar,
    SeatKind,
    SeatState,
)
from community.micro_projects.rules.venture_applications import (
    APPLICATION_TITLES,
    HANDED_IN,
    ApplicationState,
)
from community.micro_projects.rules.venture_calls import CALL_BARS, CallState
from community.micro_projects.service.moving import check_words
from community.micro_projects.service.panels import close_to
from community.micro_projects.service.tender_lots import lines_of
from community.micro_projects.service.venture_steps import (
    applications_at,
    claim_application,
    load_application,
    lock_at,
    told_moment,
)

SCREENED, SEATED = "venture.screened", "venture.juror"
transparency.name_kinds({SCREENED: N_("公益创投资格审查"), SEATED: N_("公益创投评委就位")})


def screen_application(
    session: Session, actor: Actor, application_id: int, is_eligible: bool, reason: str = ""
) -> None:
    """Say whether an application meets the call, with a public reason where it does not.

    Until a juror has signed it may be said anew.
    Raises: ApplicationNotFound, CallStateWrong, ApplicationStateWrong, MarksGiven, ReasonMissing,
    WordsPersonal.
    """
    actor.check(permissions.KEEP_CALLS.code)
    row = load_application(session, actor, application_id)
    call = lock_at(session, actor, row.call_id, CallState.JUDGING)
    session.refresh(row)
    to = ApplicationState.ELIGIBLE if is_eligible else ApplicationState.INELIGIBLE
    if row.state is to:
        raise ApplicationStateWrong(state=say(APPLICATION_TITLES[row.state]))
    if any(each.state in {SeatState.SIGNED, SeatState.VOID} for each in jury_rows(session, call)):
        raise MarksGiven
    if not is_eligible and not reason.strip():
        raise ReasonMissing
    check_words(session, actor, reason)
    claim_application(
        session,
        row,
        to,
        screened_by=actor.person_id,
        screened_at=clock.now(),
        screened_words=reason.strip(),
    )
    told = {
        "call": call.id,
        "application": row.number,
        "state": to.value,
        "reason": reason.strip(),
    }
    transparency.publish(session, actor.community_id, SCREENED, told, row.id)
    _tell_screened(session, actor, call, row)


def seat_juror(session: Session, actor: Actor, call_id: int, person_id: int) -> int:
    """Seat somebody of the pool on a call's jury; gives the seat's id.

    So many of each kind sit as was published. Staff of applicants and sponsors, leads of groups,
    relatives and housemates of all these, whoever declared a tie, and the call's own officers are
    refused, as is whoever left a seat of this jury; whoever is on a lot's list sits by the lot.
    Raises: CallNotFound, CallStateWrong, JurorUnknown, JurorSits, KindFull, JuryListRuns,
    JurorListed, JurorBarred.
    """
    actor.check(permissions.KEEP_CALLS.code)
    call = lock_at(session, actor, call_id, CallState.JUDGING)
    member = _check_juror(session, actor, call, person_id)
    rows = jury_rows(session, call)
    seat = PanelSeat(
        community_id=actor.community_id,
        call_id=call.id,
        person_id=person_id,
        kind=member.kind,
        number=max((each.number for each in rows), default=0) + 1,
        round=1,
        state=SeatState.SEATED,
        seated_at=clock.now(),
    )
    session.add(seat)
    session.flush()
    _tell_juror(session, actor, call, seat)
    return seat.id


def _check_juror(session: Session, actor: Actor, call: VentureCall, person_id: int) -> Evaluator:
    """Find somebody in the pool, and refuse who may not sit on this jury."""
    member = session.scalar(
        select(Evaluator).where(
            Evaluator.community_id == actor.community_id,
            Evaluator.person_id == person_id,
            Evaluator.left_at.is_(None),
        )
    )
    card = identity.people(session, actor.community_id, {person_id}).get(person_id)
    if member is None or card is None or card.died_on is not None or card.has_left:
        raise JurorUnknown
    rows = jury_rows(session, call)
    if any(each.person_id == person_id for each in rows):
        raise JurorSits(name=card.name)
    if jury_gaps(session, call)[member.kind] <= 0:
        raise KindFull(kind=say(SEAT_KIND_TITLES[member.kind]))
    lot = jury_lot(session, call)
    if lot is not None and member.kind is SeatKind.RESIDENT and lot.drawn_at is None:
        raise JuryListRuns
    if lot is not None and any(each.person_id == person_id for each in lines_of(session, lot)):
        raise JurorListed(name=card.name)
    bar = find_call_bars(session, call).get(person_id)
    if bar is not None:
        raise JurorBarred(name=card.name, reason=say(CALL_BARS[bar]))
    return member


def _tell_juror(session: Session, actor: Actor, call: VentureCall, seat: PanelSeat) -> None:
    told = {
        "call": call.id,
        "seat": seat.number,
        "seat_kind": seat.kind.value,
        "person": transparency.hide(session, actor.community_id, f"person:{seat.person_id}"),
    }
    transparency.publish(session, actor.community_id, SEATED, told, seat.id)
    title = say(N_("您担任公益创投评委"))
    body = say(
        N_(
            "“{title}”，{day} 在{place}路演，请用手机打分并签字。和申报单位有利益关系的，请先回避。"
        ),
        title=call.title,
        day=told_moment(call.pitch_at),
        place=call.pitch_place,
    )
    link = f"projects/seats/{seat.id}"
    notices.send(session, actor, seat.person_id, title, body, link, kind="todo")


def find_call_bars(session: Session, call: VentureCall) -> dict[int, Bar]:
    """Tell who may not judge a call, and why; the first reason found is told."""
    here = call.community_id
    rows = applications_at(session, call, *sorted(HANDED_IN))
    firms = {row.organization_id for row in rows}
    barred: dict[int, Bar] = {}
    staff = {person for firm in firms for person in identity.staff_of(session, here, firm)}
    for person in staff:
        barred.setdefault(person, Bar.BIDDER_STAFF)
    leads = {row.lead_id for row in rows}
    for person in leads:
        barred.setdefault(person, Bar.PROPOSER)
    for near in staff | leads:
        for person in close_to(session, here, near):
            barred.setdefault(person, Bar.RELATIVE)
    declared = session.scalars(
        select(DeclaredConflict.person_id).where(
            DeclaredConflict.community_id == here,
            DeclaredConflict.organization_id.in_(firms),
            DeclaredConflict.ended_at.is_(None),
        )
    )
    for person in declared:
        barred.setdefault(person, Bar.CONFLICT)
    for officer in (call.drafted_by, call.published_by, *(row.screened_by for row in rows)):
        if officer is not None:
            barred.setdefault(officer, Bar.OFFICER)
    return barred


def count_unscreened(session: Session, call: VentureCall) -> int:
    """Count the applications that nobody has screened yet."""
    found = session.scalar(
        select(func.count()).where(
            VentureApplication.community_id == call.community_id,
            VentureApplication.call_id == call.id,
            VentureApplication.state == ApplicationState.SUBMITTED,
        )
    )
    return int(found or 0)


def _tell_screened(
    session: Session, actor: Actor, call: VentureCall, row: VentureApplication
) -> None:
    good = row.state is ApplicationState.ELIGIBLE
    title = say(N_("您的申报进入评审")) if good else say(N_("您的申报不符合条件"))
    body = (
        say(
            N_("“{title}”，{day} 在{place}路演。"),
            title=row.title,
            day=told_moment(call.pitch_at),
            place=call.pitch_place,
        )
        if good
        else say(N_("理由：{reason}"), reason=row.screened_words)
    )
    link = f"projects/applications/{row.id}"
    notices.send(session, actor, row.lead_id, title, body, link, kind="change")
