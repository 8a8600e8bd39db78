"""When a budget is to be voted on, a poll is drafted; what owners decide becomes its reference."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from community import deliberation, trust_property
from community.kernel import clock, events
from community.kernel.actor import Actor

# The posting takes 15 days; the rest is for the committee to complete the draft.
OPENS_AFTER = timedelta(days=20)
LASTS = timedelta(days=15)
OPENING_HOUR = 8
# Source: 民法典 Art. 278 (9): other major matters of joint ownership and management.
ITEM = 9


def listen() -> None:
    """Hear of budgets to be voted on, and of decided polls."""
    events.subscribe(trust_property.BudgetVoteWanted, _wanted)
    events.subscribe(deliberation.PollDecided, _decided)


def _wanted(session: Session, told: trust_property.BudgetVoteWanted) -> None:
    """Leave a draft on the desk; who convenes completes, posts and freezes it."""
    opens_at = clock.at(clock.today() + OPENS_AFTER, OPENING_HOUR)
    draft = deliberation.PollDraft(
        deliberation.PollKind.OWNERS,
        told.title,
        told.text,
        (),
        deliberation.RollKind.OWNERS,
        opens_at,
        opens_at + LASTS,
        settings={"item": ITEM},
        standing=deliberation.Standing.STATUTORY,
        subject=told.subject,
    )
    deliberation.draft_poll(session, Actor.system(told.community_id), draft)


def _decided(session: Session, told: deliberation.PollDecided) -> None:
    """Tell the fund; a poll of others than all owners, or without the law's force, decides none."""
    vote_id = trust_property.budget_vote_in(told.subject)
    poll = deliberation.find_poll(session, told.community_id, told.poll_id)
    if vote_id is None or poll is None or not _is_the_owners(poll):
        return
    trust_property.take_budget_vote(
        session,
        Actor.system(told.community_id),
        vote_id,
        poll.text,
        f"本站业主表决第 {poll.id} 号：{poll.title}",
        told.decided_on,
        passed=told.passed is True,
    )


def _is_the_owners(poll: deliberation.PollView) -> bool:
    return (
        poll.kind is deliberation.PollKind.OWNERS
        and poll.roll_kind is deliberation.RollKind.OWNERS
        and poll.standing is deliberation.Standing.STATUTORY
        and poll.settings.get("item") == ITEM
    )
