"""When a project asks for a vote, the council's poll is drafted; what it decides moves it on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from community import deliberation, micro_projects
from community.kernel import clock, events
from community.kernel.actor import Actor

OPENS_AFTER = timedelta(days=1)
OPENING_HOUR = 8


def listen() -> None:
    """Hear of votes that are wanted, or no longer, and of decided polls."""
    events.subscribe(micro_projects.VoteWanted, _wanted)
    events.subscribe(micro_projects.VoteNoLongerWanted, _dropped)
    events.subscribe(deliberation.PollDecided, _decided)


def _wanted(session: Session, told: micro_projects.VoteWanted) -> None:
    """Leave a draft on the desk; who convenes completes it, posts its roll and freezes it."""
    actor = Actor.system(told.community_id)
    council = _council(session, actor)
    opens_at = clock.at(clock.today() + OPENS_AFTER, OPENING_HOUR)
    draft = deliberation.PollDraft(
        deliberation.PollKind.YES_NO,
        told.title,
        told.text,
        (),
        deliberation.RollKind.ADULTS if council is None else deliberation.RollKind.BODY,
        opens_at,
        opens_at + timedelta(days=told.days),
        body_id=council,
        subject=micro_projects.subject_of(told.project_id),
    )
    deliberation.draft_poll(session, actor, draft)


def _dropped(session: Session, told: micro_projects.VoteNoLongerWanted) -> None:
    """Withdraw the poll nobody waits for any more."""
    subject = micro_projects.subject_of(told.project_id)
    poll = deliberation.find_poll_for(session, told.community_id, subject)
    if poll is not None and not poll.is_over:
        actor = Actor.system(told.community_id)
        deliberation.withdraw_poll(session, actor, poll.id, "项目已撤回或重新测算")


def _council(session: Session, actor: Actor) -> int | None:
    """Find the residents' council; where there is none, all adults are asked."""
    found = deliberation.bodies(session, actor)
    councils = [each for each in found if each.kind is deliberation.BodyKind.COUNCIL]
    return councils[0].id if councils else None


def _decided(session: Session, told: deliberation.PollDecided) -> None:
    """Tell the project; a poll of other people than it was asked of decides nothing."""
    project_id = micro_projects.project_in(told.subject)
    poll = deliberation.find_poll(session, told.community_id, told.poll_id)
    if project_id is None or poll is None or told.passed is None:
        return
    actor = Actor.system(told.community_id)
    council = _council(session, actor)
    kind = deliberation.RollKind.ADULTS if council is None else deliberation.RollKind.BODY
    if (poll.roll_kind, poll.body_id) != (kind, council):
        return
    micro_projects.take_vote(
        session,
        actor,
        project_id,
        poll.text,
        f"poll:{poll.id}",
        told.decided_on,
        passed=told.passed,
    )
