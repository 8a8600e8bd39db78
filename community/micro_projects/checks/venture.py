"""Do calls of the venture fund keep what they promise? Told from rows alone."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.micro_projects.models import (
    Award,
    PanelSeat,
    Project,
    VentureApplication,
    VentureCall,
    VentureCriterion,
    VentureMatch,
)
from community.micro_projects.queries.venture_jury import jury_gaps, jury_wanted
from community.micro_projects.queries.venture_succession import kept_fen
from community.micro_projects.rules.awards import STANDING
from community.micro_projects.rules.panels import ON_PANEL, SeatState
from community.micro_projects.rules.projects import Funding
from community.micro_projects.rules.venture_applications import HANDED_IN, ApplicationState
from community.micro_projects.rules.venture_calls import CallState, is_mixed_jury, is_whole


def problems(session: Session) -> list[str]:
    """List calls, applications, juries and venture projects that do not add up."""
    return [
        *_calls(session),
        *_juries(session),
        *_applications(session),
        *_projects(session),
        *_matches(session),
    ]


def _calls(session: Session) -> list[str]:
    found = []
    sums = session.execute(
        select(
            VentureApplication.call_id,
            func.sum(VentureApplication.granted_fen - VentureApplication.freed_fen),
        )
        .where(VentureApplication.state.in_((ApplicationState.CHOSEN, ApplicationState.NAMED)))
        .group_by(VentureApplication.call_id)
    )
    reserved = {call_id: int(granted or 0) for call_id, granted in sums}
    for call in session.scalars(select(VentureCall).order_by(VentureCall.id)):
        weights = session.scalars(
            select(VentureCriterion.weight_bp).where(VentureCriterion.call_id == call.id)
        ).all()
        if call.state is not CallState.DRAFT and not is_whole(weights):
            found.append(f"call {call.id}: weights make {sum(weights)}")
        if not is_mixed_jury(call.experts, call.residents, call.officials):
            found.append(f"call {call.id}: its jury is not mixed")
        taken = reserved.get(call.id, 0)
        if taken != call.reserved_fen or taken > call.purse_fen:
            found.append(f"call {call.id}: {call.reserved_fen} reserved, its chosen take {taken}")
    return found


def _juries(session: Session) -> list[str]:
    found = []
    for call in session.scalars(select(VentureCall).order_by(VentureCall.id)):
        seats = session.scalars(select(PanelSeat).where(PanelSeat.call_id == call.id)).all()
        taken = [row for row in seats if row.state in ON_PANEL or row.state is SeatState.VOID]
        counted = Counter(row.kind for row in taken)
        wanted = jury_wanted(call)
        found += [
            f"call {call.id}: {counted[kind]} of {kind.value} sit, {most} may"
            for kind, most in wanted.items()
            if counted[kind] > most
        ]
        chosen = call.state in {CallState.NOTICE, CallState.CHOSEN, CallState.CLOSED}
        if chosen and any(jury_gaps(session, call).values()):
            found.append(f"call {call.id}: chosen by a jury that is not whole")
        if chosen and any(row.state is SeatState.SEATED for row in seats):
            found.append(f"call {call.id}: chosen before all had signed")
    return found


def _applications(session: Session) -> list[str]:
    found = []
    rows = session.execute(
        select(VentureApplication, VentureCall)
        .join(VentureCall, VentureCall.id == VentureApplication.call_id)
        .order_by(VentureApplication.id)
    ).all()
    sponsored: Counter[tuple[int, int]] = Counter()
    for row, call in rows:
        if sum(int(fen) for _, fen in row.lines) != row.asked_fen:
            found.append(f"application {row.id}: its lines are not what it asks")
        if row.state not in HANDED_IN:
            continue
        at = row.submitted_at
        if at is None or not call.opens_at <= at < call.closes_at:
            found.append(f"application {row.id} was not handed in while its call was open")
        if row.asked_fen > call.most_fen:
            found.append(f"application {row.id} asks more than its call allows")
        if row.freed_fen and row.project_id is not None:
            kept = kept_fen(session, row.community_id, row.project_id)
            if row.freed_fen + kept > (row.granted_fen or 0):
                found.append(f"application {row.id}: more was passed on than its project left")
        if row.group_name:
            sponsored[call.id, row.organization_id] += 1
    most = {call.id: call.most_sponsored for _, call in rows}
    found += [
        f"organization {firm} sponsors {count} groups of call {call_id}"
        for (call_id, firm), count in sorted(sponsored.items())
        if count > most[call_id]
    ]
    return found


def _projects(session: Session) -> list[str]:
    """A venture project is one that a call chose, costs no more, and is done by its applicant."""
    found = []
    chosen = {
        row.project_id: row
        for row in session.scalars(
            select(VentureApplication).where(VentureApplication.project_id.is_not(None))
        )
    }
    for project in session.scalars(
        select(Project).where(Project.funding == Funding.VENTURE).order_by(Project.id)
    ):
        row = chosen.get(project.id)
        if row is None:
            found.append(f"venture project {project.id} was chosen by no call")
        elif (project.budget_fen or 0) > (row.granted_fen or 0):
            found.append(f"venture project {project.id} costs more than it was granted")
    awards = session.execute(
        select(Award.id, Award.organization_id, Award.project_id).where(
            Award.project_id.in_(chosen), Award.state.in_(STANDING)
        )
    )
    found += [
        f"award {award_id} of venture project {project_id} goes to another than its applicant"
        for award_id, firm, project_id in awards
        if chosen[project_id].organization_id != firm
    ]
    return found


def _matches(session: Session) -> list[str]:
    rows = session.scalars(select(VentureMatch).order_by(VentureMatch.id))
    return [
        f"match {row.id} was confirmed by whoever reported it"
        for row in rows
        if row.decided_by is not None and row.decided_by == row.reported_by
    ]
