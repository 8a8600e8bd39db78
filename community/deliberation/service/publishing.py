"""What of polls goes into the public log: words, roll, ballots and result, no names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.deliberation.models import Poll, PollResult, RollEntry
from community.deliberation.rules.polls import canonical
from community.kernel import db
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


def name_owners(session: Session, row: Poll, most: int) -> int:
    """Give the next entries the hash by which the public log knows their owner; gives how many."""
    entries = session.execute(
        select(RollEntry.id, RollEntry.owner_key)
        .where(
            RollEntry.community_id == row.community_id,
            RollEntry.poll_id == row.id,
            RollEntry.owner_hash == "",
        )
        .order_by(RollEntry.number)
        .limit(most)
    ).all()
    named = [
        (transparency.hide(session, row.community_id, f"poll:{row.id}|{key}"), entry_id)
        for entry_id, key in entries
    ]
    at = db.statements(session)
    at.many("UPDATE roll_entry SET owner_hash = ? WHERE id = ?", named)
    return len(named)


def tell_roll(session: Session, row: Poll, told: int, heads: int) -> int:
    """Publish the next part of a frozen roll: number, area in 0.01 m² and hidden owner.

    `told` entries of `heads` are public already; gives how many are now.
    """
    entries = session.execute(
        select(RollEntry.number, RollEntry.area_centiares, RollEntry.owner_hash)
        .where(RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id)
        .order_by(RollEntry.number)
        .offset(told)
        .limit(MOST_LINES)
    ).all()
    part = {
        "poll": row.id,
        "part": told // MOST_LINES + 1,
        "parts": -(-heads // MOST_LINES),
        "entries": [list(each) for each in entries],
    }
    transparency.publish(session, row.community_id, "poll.roll", part, row.id)
    return told + len(entries)


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
