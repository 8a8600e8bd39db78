"""Who is given what a broken-off venture project left: chosen, posted and confirmed as at first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.errors.projects import ReasonMissing
from community.micro_projects.errors.venture import (
    ChoiceNoticeRuns,
    ChoiceObjections,
    ChoiceUpheld,
    NobodyNamed,
    NothingToPassOn,
    SuccessorNamed,
)
from community.micro_projects.models import Project, VentureApplication, VentureCall
from community.micro_projects.queries.notice_standing import standing_of
from community.micro_projects.queries.venture_succession import (
    left_ranking,
    named_after,
    rest_fen,
)
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_calls import CallState, succession_subject
from community.micro_projects.rules.venture_choice import Choice
from community.micro_projects.service.moving import check_words, move_project
from community.micro_projects.service.venture_choice import (
    check_choice,
    get_ranking,
    make_project,
)
from community.micro_projects.service.venture_notices import post_succession, tell_chosen
from community.micro_projects.service.venture_steps import (
    claim_application,
    load_application,
    lock_at,
)

NAMED, DROPPED, CONFIRMED = "venture.successor", "venture.unnamed", "venture.succeeded"
transparency.name_kinds(
    {
        NAMED: N_("公益创投接续项目公示"),
        DROPPED: N_("公益创投接续项目撤回"),
        CONFIRMED: N_("公益创投接续项目确定"),
    }
)


def name_successors(
    session: Session, actor: Actor, application_id: int, choices: Sequence[Choice]
) -> int:
    """Choose who of those passed over is given what a broken-off project left; gives the notice.

    The rules of the first choice hold, with the rest as the purse. The broken-off project is
    judged as it stands from now on.
    Raises: ApplicationNotFound, CallStateWrong, NothingToPassOn, SuccessorNamed, JuryNotQuorate,
    ChoiceFaulty, WordsPersonal.
    """
    actor.check(permissions.KEEP_CALLS.code)
    call, row = _load(session, actor, application_id)
    rest = rest_fen(session, row)
    if rest <= 0:
        raise NothingToPassOn
    if named_after(session, row):
        raise SuccessorNamed
    get_ranking(session, call)
    check_choice(session, actor, left_ranking(session, call), choices, rest)
    for each in choices:
        chosen = load_application(session, actor, each.application_id)
        if each.granted_fen:
            claim_application(
                session,
                chosen,
                ApplicationState.NAMED,
                granted_fen=each.granted_fen,
                chosen_words=each.words.strip(),
                succeeds_id=row.id,
            )
        else:
            chosen.chosen_words = each.words.strip()
    given = sum(each.granted_fen for each in choices)
    row.freed_fen += given
    session.flush()
    _end(session, actor, row)
    told = {
        "call": call.id,
        "after": row.number,
        "rest_fen": rest,
        "given": [[each.number, each.granted_fen] for each in named_after(session, row)],
    }
    transparency.publish(session, actor.community_id, NAMED, told, row.id)
    return post_succession(session, call, row, rest)


def drop_successors(session: Session, actor: Actor, application_id: int, reason: str) -> None:
    """Take a naming back, with a public reason; the rest can be given to somebody else.

    Raises: ApplicationNotFound, CallStateWrong, NobodyNamed, ReasonMissing, WordsPersonal.
    """
    actor.check(permissions.KEEP_CALLS.code)
    call, row = _load(session, actor, application_id)
    found = named_after(session, row)
    if not found:
        raise NobodyNamed
    if not reason.strip():
        raise ReasonMissing
    check_words(session, actor, reason)
    for each in found:
        row.freed_fen -= each.granted_fen or 0
        claim_application(
            session, each, ApplicationState.PASSED, granted_fen=None, succeeds_id=None
        )
    session.flush()
    told = {"call": call.id, "after": row.number, "reason": reason.strip()}
    transparency.publish(session, actor.community_id, DROPPED, told, row.id)


def confirm_successors(session: Session, actor: Actor, application_id: int) -> tuple[int, ...]:
    """Let those named become projects before the street, once the notice is over; gives their ids.

    Raises: ApplicationNotFound, CallStateWrong, NobodyNamed, ChoiceNoticeRuns, ChoiceObjections,
    ChoiceUpheld.
    """
    actor.check(permissions.KEEP_CALLS.code)
    call, row = _load(session, actor, application_id)
    rows = named_after(session, row)
    if not rows:
        raise NobodyNamed
    found = standing_of(session, call.community_id, succession_subject(row.id))
    if found is None:
        # The notice was withdrawn by hand: it hangs again.
        post_succession(session, call, row, sum(each.granted_fen or 0 for each in rows))
        return ()
    if found.is_running:
        raise ChoiceNoticeRuns(until=clock.day_of(found.closes_at).isoformat())
    if found.unanswered:
        raise ChoiceObjections(count=found.unanswered)
    if found.upheld:
        raise ChoiceUpheld(count=found.upheld)
    made = []
    for each in rows:
        claim_application(session, each, ApplicationState.CHOSEN)
        made.append(make_project(session, actor, call, each))
        tell_chosen(session, actor, each)
    told = {
        "call": call.id,
        "after": row.number,
        "projects": made,
        "notice": found.notice_id,
    }
    transparency.publish(session, actor.community_id, CONFIRMED, told, row.id)
    return tuple(made)


def _load(
    session: Session, actor: Actor, application_id: int
) -> tuple[VentureCall, VentureApplication]:
    """Hold the call of a chosen application while its projects are under way."""
    row = load_application(session, actor, application_id)
    call = lock_at(session, actor, row.call_id, CallState.CHOSEN)
    session.refresh(row)
    return call, row


def _end(session: Session, actor: Actor, row: VentureApplication) -> None:
    """Let a project that waits for somebody to go on be judged as it stands: nobody goes on."""
    assert row.project_id is not None, "there is a rest of a project's grant"
    if session.get_one(Project, row.project_id).state is ProjectState.PROCURING:
        ref = f"application:{row.id}"
        words = "剩下的资助给同一次征集的其他申报，这个项目按已完成的部分评价。"
        move_project(session, actor, row.project_id, ProjectState.EVALUATED, ref, words)
