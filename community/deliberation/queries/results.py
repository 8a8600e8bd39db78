"""What a poll came to, and its ballots as they are published; only once it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import sealing
from community.deliberation.errors.polls import NotClosedYet, PollNotFound
from community.deliberation.models import Poll, PollOption, PollResult, RollEntry
from community.deliberation.queries.counting import invalid_ballots, published_ballots
from community.deliberation.queries.polls import read_roll_size
from community.deliberation.queries.sealed import box_of
from community.deliberation.rules.polls import PollState, RollKind, Secrecy
from community.deliberation.rules.sealed import is_sealed
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.masks import mask_name


@dataclass(frozen=True, slots=True)
class ResultView:
    """A poll's outcome as it was counted, see `tallies.Outcome`."""

    poll_id: int
    outcome: Mapping[str, Any]
    outcome_hash: str
    ballots: int
    origins: Mapping[str, int]
    decided_at: datetime
    # Of sealed ballots; they are among the ballots.
    invalid: int = 0


@dataclass(frozen=True, slots=True)
class BallotLine:
    """A published ballot; a secret one has no number on the roll and no head.

    `fault` says why a sealed one is invalid; it then has no pairs.
    """

    tracker: str
    pairs: tuple[tuple[int, int], ...]
    reason: str
    number: int | None
    head: str
    area_centiares: int
    fault: str = ""


def get_result(session: Session, actor: Actor, poll_id: int) -> ResultView:
    """Give a decided poll's result.

    Raises: PollNotFound, NotClosedYet.
    """
    poll = _decided(session, actor.community_id, poll_id)
    row = session.scalars(select(PollResult).where(PollResult.poll_id == poll.id)).one()
    return ResultView(
        poll.id,
        dict(row.outcome),
        row.outcome_hash,
        row.ballots,
        dict(row.origins),
        row.decided_at,
        len(invalid_ballots(session, poll)),
    )


def ballot_lines(session: Session, actor: Actor, poll_id: int) -> tuple[BallotLine, ...]:
    """Give the ballots of a decided poll for a page, names masked.

    Raises: PollNotFound, NotClosedYet.
    """
    poll = _decided(session, actor.community_id, poll_id)
    lines = published_ballots(session, actor.community_id, poll_id)
    cast = [line for line in lines if line[1] is not None]
    if poll.secrecy is Secrecy.SECRET:
        counted = (BallotLine(line[0], _pairs(line[1]), line[2], None, "", 0) for line in cast)
        return (*counted, *_invalid(session, poll, {}))
    entries = session.scalars(select(RollEntry).where(RollEntry.poll_id == poll_id))
    heads = {each.number: _shown(each, poll) for each in entries}
    named = (
        BallotLine(line[0], _pairs(line[1]), line[2], line[3], heads[line[3]], line[4])
        for line in sorted(cast, key=lambda line: line[3])
    )
    return (*named, *_invalid(session, poll, heads))


def _invalid(session: Session, poll: Poll, heads: Mapping[int, str]) -> list[BallotLine]:
    return [
        BallotLine(tracker, (), "", number, heads.get(number or 0, ""), 0, fault)
        for tracker, fault, number in invalid_ballots(session, poll)
    ]


def recount_file(session: Session, actor: Actor, poll_id: int) -> dict[str, Any]:
    """Give all that is needed to count a decided poll again, as plain JSON.

    Raises: PollNotFound, NotClosedYet.
    """
    poll = _decided(session, actor.community_id, poll_id)
    heads, area, _ = read_roll_size(session, poll)
    options = session.execute(
        select(PollOption.number, PollOption.title, PollOption.cost_fen)
        .where(PollOption.poll_id == poll_id)
        .order_by(PollOption.number)
    )
    result = get_result(session, actor, poll_id)
    return {
        "format": "community-poll/v1",
        "poll": poll.id,
        "title": poll.title,
        "kind": poll.kind.value,
        "settings": dict(poll.settings),
        "secrecy": poll.secrecy.value,
        "standing": poll.standing.value,
        "options": [[number, title, cost] for number, title, cost in options],
        "roll": {"heads": heads, "area": area, "hash": poll.roll_hash},
        "content": poll.content_hash,
        "ballots": published_ballots(session, actor.community_id, poll_id),
        "outcome": dict(result.outcome),
        "hash": result.outcome_hash,
        **_envelopes(session, poll),
    }


def _envelopes(session: Session, poll: Poll) -> dict[str, Any]:
    """Tell the hashes of what was sealed, sorted: by its receipt a voter finds the own one."""
    if not is_sealed(poll.settings):
        return {}
    box = box_of(session, poll)
    return {"envelopes": list(sealing.ciphertexts(session, poll.community_id, box.id))}


def _decided(session: Session, community_id: int, poll_id: int) -> Poll:
    row = session.scalar(select(Poll).where(Poll.community_id == community_id, Poll.id == poll_id))
    if row is None or row.state is PollState.DRAFT:
        raise PollNotFound
    if row.state is not PollState.DECIDED:
        closes = row.closes_at.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M")
        raise NotClosedYet(closes=closes)
    return row


def _pairs(value: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((option, number) for option, number in value)


def _shown(entry: RollEntry, poll: Poll) -> str:
    if entry.is_organization or poll.roll_kind is RollKind.HOUSEHOLDS:
        return entry.head
    return "、".join(mask_name(each) for each in entry.head.split("、"))
