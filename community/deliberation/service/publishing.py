"""What of polls goes into the public log: words, roll, ballots and result, no names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from community import transparency
from community.deliberation.models import Poll, PollResult
from community.deliberation.rules.polls import canonical
from community.kernel.errors import N_

# A line of any list is under 400 bytes, so a part stays under 64 KiB.
MOST_LINES = 150
MOST_OUTCOME = 40_000

transparency.name_kinds(
    {
        "poll.frozen": N_("表决冻结"),
        "poll.roll": N_("表决名册"),
        "poll.extended": N_("表决延期"),
        "poll.withdrawn": N_("表决撤回"),
        "poll.opened": N_("加密选票开启"),
        "poll.ballots": N_("选票清单"),
        "poll.result": N_("表决结果"),
    }
)


def tell_frozen(
    session: Session, row: Poll, content: Mapping[str, Any], heads: int, area: int
) -> None:
    """Publish a poll's words and its hash, which is over `content` in its canonical spelling."""
    told = {
        "poll": row.id,
        "content": dict(content),
        "hash": row.content_hash,
        "heads": heads,
        "area": area,
        "tree": row.tree_id,
        "waived": row.gaps_waived,
    }
    transparency.publish(session, row.community_id, "poll.frozen", told, row.id)


def tell_roll(session: Session, row: Poll, entries: Sequence[Sequence[Any]]) -> None:
    """Publish a roll: each entry's number, area in 0.01 m² and hidden owner."""
    _tell_in_parts(session, row, "poll.roll", "entries", [list(each) for each in entries])


def tell_ballots(session: Session, row: Poll, lines: Sequence[Sequence[Any]]) -> None:
    """Publish the ballots that were counted, in an order that tells nothing."""
    _tell_in_parts(session, row, "poll.ballots", "ballots", [list(each) for each in lines])


def tell_result(session: Session, row: Poll, result: PollResult) -> None:
    """Publish what a poll came to; of a long outcome the hash and the heads, not each step."""
    outcome = dict(result.outcome)
    if len(canonical(outcome)) > MOST_OUTCOME:
        outcome = {name: outcome[name] for name in ("kind", "votes", "winners", "passed", "tie")}
    told = {
        "poll": row.id,
        "ballots": result.ballots,
        "origins": result.origins,
        "outcome": outcome,
        "hash": result.outcome_hash,
    }
    transparency.publish(session, row.community_id, "poll.result", told, row.id)


def _tell_in_parts(
    session: Session, row: Poll, kind: str, name: str, lines: Sequence[list[Any]]
) -> None:
    parts = [lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES)]
    for place, part in enumerate(parts or [[]], start=1):
        told = {"poll": row.id, "part": place, "parts": len(parts) or 1, name: list(part)}
        transparency.publish(session, row.community_id, kind, told, row.id)
