"""What others gave beside the grant: reported with its paper, confirmed by somebody else."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from community import identity, notices, transparency
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.projects import ReasonMissing
from community.micro_projects.errors.venture import (
    ApplicationNotFound,
    ApplicationStateWrong,
    MatchNotFound,
    MatchTooEarly,
    OwnMatch,
)
from community.micro_projects.models import VentureMatch
from community.micro_projects.rules.venture_applications import (
    MATCH_STEPS,
    MATCH_TITLES,
    MatchState,
)
from community.micro_projects.service.moving import check_words
from community.micro_projects.service.venture_steps import (
    is_of_applicant,
    load_application,
    lock_call,
    works_for,
)

MATCHED = "venture.matched"
transparency.name_kinds({MATCHED: N_("公益创投配套资金核实")})


def report_match(
    session: Session,
    actor: Actor,
    application_id: int,
    giver: str,
    amount_fen: int,
    received_on: date,
    paper: files.Ready,
) -> int:
    """Report money that somebody gave to one's own chosen project, with its paper; gives its id.

    The money stays with whoever does the project; it is never part of the community's books.
    Raises: ApplicationNotFound, MatchTooEarly, WordsPersonal.
    """
    actor.check(permissions.APPLY.code)
    row = load_application(session, actor, application_id)
    mine = is_of_applicant(session, actor, row) or works_for(session, actor, row.organization_id)
    if not mine:
        raise ApplicationNotFound
    if row.project_id is None or received_on > clock.today():
        raise MatchTooEarly
    check_words(session, actor, giver)
    match = VentureMatch(
        community_id=actor.community_id,
        application_id=row.id,
        giver=giver,
        amount_fen=amount_fen,
        received_on=received_on,
        file_id=files.keep_file(session, actor, paper),
        state=MatchState.REPORTED,
        reported_by=actor.person_id,
        reported_at=clock.now(),
    )
    session.add(match)
    session.flush()
    title = say(N_("有配套资金等您核实"))
    for person in identity.people_with_role(session, actor.community_id, permissions.OFFICER):
        notices.send(session, actor, person, title, row.title, f"desk/calls/{row.call_id}", "todo")
    return match.id


def decide_match(
    session: Session, actor: Actor, match_id: int, counts: bool, words: str = ""
) -> None:
    """Say, once and as somebody else, whether reported money counts as matched.

    Raises: MatchNotFound, OwnMatch, ApplicationStateWrong, ReasonMissing, WordsPersonal.
    """
    actor.check(permissions.KEEP_CALLS.code)
    match = session.get(VentureMatch, match_id)
    if match is None or match.community_id != actor.community_id:
        raise MatchNotFound
    if match.reported_by is not None and match.reported_by == actor.person_id:
        raise OwnMatch
    if not counts and not words.strip():
        raise ReasonMissing
    check_words(session, actor, words)
    row = load_application(session, actor, match.application_id)
    lock_call(session, actor, row.call_id)
    session.refresh(match)
    to = MatchState.CONFIRMED if counts else MatchState.REFUSED
    if to not in MATCH_STEPS[match.state]:
        raise ApplicationStateWrong(state=say(MATCH_TITLES[match.state]))
    match.state, match.decided_by, match.decided_at = to, actor.person_id, clock.now()
    match.decided_words = words.strip()
    session.flush()
    told = {
        "match": match.id,
        "call": row.call_id,
        "project": row.project_id,
        "amount_fen": match.amount_fen,
        "state": to.value,
        "paper": files.get_file(session, actor.community_id, match.file_id).sha256,
    }
    transparency.publish(session, actor.community_id, MATCHED, told, match.id)
    title = say(N_("配套资金：{state}"), state=say(MATCH_TITLES[to]))
    link = f"projects/applications/{row.id}"
    notices.send(session, actor, row.lead_id, title, match.decided_words, link, kind="change")
