"""What of a call's purse each application is given: chosen, posted, confirmed into projects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from community import ledger, transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.venture import (
    ChoiceFaulty,
    ChoiceNoticeRuns,
    ChoiceObjections,
    ChoiceStands,
    ChoiceUpheld,
    JuryNotQuorate,
    JuryOpen,
    PurseExceeded,
)
from community.micro_projects.models import (
    Project,
    ProjectCosting,
    VentureApplication,
    VentureCall,
)
from community.micro_projects.queries.notice_standing import standing_of
from community.micro_projects.queries.terms import rule_set_on
from community.micro_projects.queries.venture_jury import (
    CallRanking,
    find_call_ranking,
    jury_unsigned,
)
from community.micro_projects.rules.funding import FAILED
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.projects import Funding, ProposalOrigin
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_calls import CallState, call_subject
from community.micro_projects.rules.venture_choice import FAULT_TITLES, Choice, Standing, find_fault
from community.micro_projects.service.moving import (
    AFTER_MOVE,
    check_words,
    claim_move,
    note_step,
)
from community.micro_projects.service.reviewing import open_review
from community.micro_projects.service.venture_notices import post_choice, tell_applicants
from community.micro_projects.service.venture_steps import (
    applications_at,
    claim_application,
    claim_call,
    lock_at,
)

CHOSEN, CONFIRMED, REOPENED = "venture.chosen", "venture.confirmed", "venture.reopened"
transparency.name_kinds(
    {
        CHOSEN: N_("公益创投入选公示"),
        CONFIRMED: N_("公益创投入选确定"),
        REOPENED: N_("公益创投重新确定入选"),
    }
)


def choose_applications(
    session: Session, actor: Actor, call_id: int, choices: Sequence[Choice]
) -> int:
    """Choose within the purse, in the ranking's order, and post it; gives the notice's id.

    Passing one over who stands before a chosen one, and giving less than was asked, need a public
    word. The purse is reserved in the same act.
    Raises: CallNotFound, CallStateWrong, JuryOpen, JuryNotQuorate, ChoiceFaulty, PurseExceeded,
    WordsPersonal.
    """
    actor.check(permissions.KEEP_CALLS.code)
    call = lock_at(session, actor, call_id, CallState.JUDGING)
    ranking = get_ranking(session, call)
    check_choice(session, actor, ranking.lines, choices, call.purse_fen)
    given = {each.application_id: each for each in choices}
    granted = sum(each.granted_fen for each in choices)
    _reserve(session, call, granted)
    rows = {row.id: row for row in applications_at(session, call, ApplicationState.ELIGIBLE)}
    for line in ranking.lines:
        _settle(session, rows[line.application_id], line, given.get(line.application_id))
    told = {
        "call": call.id,
        "purse_fen": call.purse_fen,
        "granted_fen": granted,
        "seed": ranking.seed,
        "places": [
            [row.place_in_call, row.number, row.total_hundredths, row.granted_fen or 0]
            for row in sorted(rows.values(), key=lambda row: row.place_in_call or 0)
        ],
    }
    transparency.publish(session, actor.community_id, CHOSEN, told, call.id)
    return post_choice(session, call)


def reopen_choice(session: Session, actor: Actor, call_id: int, reason: str) -> None:
    """Open the choice again after an objection was upheld; what was reserved is free again.

    Raises: CallNotFound, CallStateWrong, ChoiceStands, WordsPersonal.
    """
    actor.check(permissions.KEEP_CALLS.code)
    call = lock_at(session, actor, call_id, CallState.NOTICE)
    found = standing_of(session, call.community_id, call_subject(call.id))
    if found is None or not found.upheld:
        raise ChoiceStands
    check_words(session, actor, reason)
    for row in applications_at(session, call, ApplicationState.CHOSEN, ApplicationState.PASSED):
        claim_application(
            session,
            row,
            ApplicationState.ELIGIBLE,
            granted_fen=None,
            chosen_words="",
            place_in_call=None,
            total_hundredths=None,
        )
    claim_call(session, call, CallState.JUDGING, reserved_fen=0)
    told = {"call": call.id, "reason": reason.strip()}
    transparency.publish(session, actor.community_id, REOPENED, told, call.id)


def confirm_choice(session: Session, actor: Actor, call_id: int) -> tuple[int, ...]:
    """Let what was chosen become projects before the street, once the notice is over.

    Gives the projects' ids in the order of the ranking.
    Raises: CallNotFound, CallStateWrong, ChoiceNoticeRuns, ChoiceObjections, ChoiceUpheld.
    """
    actor.check(permissions.KEEP_CALLS.code)
    call = lock_at(session, actor, call_id, CallState.NOTICE)
    found = standing_of(session, call.community_id, call_subject(call.id))
    if found is None:
        # The notice was withdrawn by hand: it hangs again.
        post_choice(session, call)
        return ()
    if found.is_running:
        raise ChoiceNoticeRuns(until=clock.day_of(found.closes_at).isoformat())
    if found.unanswered:
        raise ChoiceObjections(count=found.unanswered)
    if found.upheld:
        raise ChoiceUpheld(count=found.upheld)
    claim_call(session, call, CallState.CHOSEN)
    rows = applications_at(session, call, ApplicationState.CHOSEN)
    rows.sort(key=lambda row: row.place_in_call or 0)
    made = tuple(make_project(session, actor, call, row) for row in rows)
    told = {"call": call.id, "projects": list(made), "notice": found.notice_id}
    transparency.publish(session, actor.community_id, CONFIRMED, told, call.id)
    tell_applicants(session, actor, call)
    return made


def get_ranking(session: Session, call: VentureCall) -> CallRanking:
    """Work out the ranking for an act that needs it.

    Raises: JuryOpen, JuryNotQuorate.
    """
    waits = jury_unsigned(session, call)
    ranking = find_call_ranking(session, call.community_id, call.id)
    if waits or ranking is None:
        raise JuryOpen(count=waits)
    if not ranking.is_quorate:
        raise JuryNotQuorate
    return ranking


def check_choice(
    session: Session,
    actor: Actor,
    lines: Sequence[Standing],
    choices: Sequence[Choice],
    purse_fen: int,
) -> None:
    """Refuse a choice that the ranking or the purse does not bear, or that names people.

    Raises: ChoiceFaulty, WordsPersonal.
    """
    fault = find_fault(lines, choices, purse_fen)
    if fault is not None:
        name = session.scalar(
            select(VentureApplication.title).where(
                VentureApplication.community_id == actor.community_id,
                VentureApplication.id == fault[1],
            )
        )
        raise ChoiceFaulty(fault=say(FAULT_TITLES[fault[0]], title=name or ""))
    check_words(session, actor, "\n".join(each.words for each in choices))


def _reserve(session: Session, call: VentureCall, granted: int) -> None:
    """Reserve what is granted by one guarded UPDATE: two choices at once never overspend."""
    session.flush()
    taken = session.execute(
        update(VentureCall)
        .where(
            VentureCall.community_id == call.community_id,
            VentureCall.id == call.id,
            VentureCall.state == CallState.JUDGING,
            VentureCall.reserved_fen == 0,
            VentureCall.purse_fen >= granted,
        )
        .values(reserved_fen=granted, state=CallState.NOTICE)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", taken).rowcount != 1:
        raise PurseExceeded(granted=yuan(granted), purse=yuan(call.purse_fen))
    session.refresh(call)


def _settle(
    session: Session, row: VentureApplication, line: Standing, choice: Choice | None
) -> None:
    granted = choice.granted_fen if choice is not None else 0
    claim_application(
        session,
        row,
        ApplicationState.CHOSEN if granted else ApplicationState.PASSED,
        place_in_call=line.place,
        total_hundredths=line.total,
        granted_fen=granted or None,
        chosen_words=choice.words.strip() if choice is not None else "",
    )


def make_project(session: Session, actor: Actor, call: VentureCall, row: VentureApplication) -> int:
    """Write a chosen application as a project, costed with what it was granted, for the street."""
    last = session.scalar(
        select(func.max(Project.number)).where(Project.community_id == call.community_id)
    )
    granted = row.granted_fen or 0
    project = Project(
        community_id=call.community_id,
        number=(last or 0) + 1,
        kind=row.kind,
        funding=Funding.VENTURE,
        title=row.title,
        need=row.need,
        category=row.category,
        place=row.place,
        state=ProjectState.COSTING,
        author_id=row.lead_id,
        origin=ProposalOrigin.WEB,
        budget_fen=granted,
        rule_set_id=rule_set_on(session, call.community_id, clock.today()).id,
        kept_at=clock.now(),
        submitted_at=row.submitted_at,
        moved_at=clock.now(),
    )
    session.add(project)
    session.flush()
    words = say(
        N_("公益创投第 {call} 号征集入选，第 {place} 名，资助 {amount} 元"),
        call=call.number or 0,
        place=row.place_in_call or 0,
        amount=yuan(granted),
    )
    note_step(session, actor, project.id, ProjectState.COSTING, f"call:{call.id}", words)
    _cost(session, actor, project, row)
    row.project_id = project.id
    session.flush()
    claim_move(session, actor, project, ProjectState.REVIEW, f"call:{call.id}")
    open_review(session, actor, project)
    return project.id


def _cost(session: Session, actor: Actor, project: Project, row: VentureApplication) -> None:
    """Share what was granted over what was asked for; the parts add up to the fen."""
    granted = row.granted_fen or 0
    shares = ledger.allocate(granted, [int(fen) for _, fen in row.lines])
    costing = ProjectCosting(
        community_id=project.community_id,
        project_id=project.id,
        version=1,
        lines=[[name, fen] for (name, _), fen in zip(row.lines, shares, strict=True)],
        budget_fen=granted,
        cofunding_fen=0,
        matched_fen=0,
        words="",
        costed_by=actor.person_id,
        costed_at=clock.now(),
    )
    session.add(costing)


def _drop(session: Session, actor: Actor, project: Project) -> None:
    """Free the purse of what a chosen project no longer needs when it does not happen."""
    if project.state not in FAILED or project.funding is not Funding.VENTURE:
        return
    row = session.scalar(
        select(VentureApplication).where(
            VentureApplication.community_id == project.community_id,
            VentureApplication.project_id == project.id,
            VentureApplication.state == ApplicationState.CHOSEN,
        )
    )
    if row is None:
        return
    granted = row.granted_fen or 0
    claim_application(session, row, ApplicationState.DROPPED)
    if row.succeeds_id is not None:
        # What it was given is a broken-off project's rest again, for somebody else.
        session.get_one(VentureApplication, row.succeeds_id).freed_fen -= granted
        session.flush()
        return
    session.execute(
        update(VentureCall)
        .where(VentureCall.community_id == row.community_id, VentureCall.id == row.call_id)
        .values(reserved_fen=VentureCall.reserved_fen - granted)
        .execution_options(synchronize_session="fetch")
    )


AFTER_MOVE.append(_drop)
