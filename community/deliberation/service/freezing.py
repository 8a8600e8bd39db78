"""Freezing a poll: what must be so before, and what its one hash covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.deliberation.errors.polls import NoticeTooShort, OpensTooSoon, RollHasGaps
from community.deliberation.models import Poll, PollOption, RollEntry
from community.deliberation.queries.polls import read_roll_size
from community.deliberation.rules.polls import PollState, hash_of, roll_hash
from community.deliberation.rules.sealed import is_sealed
from community.deliberation.service.poll_rows import check_state, step
from community.deliberation.service.publishing import tell_frozen
from community.deliberation.service.sealed import prepare_box
from community.kernel import clock
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class HashedRoll:
    """A roll's hash, and how many heads and how much area in 0.01 m² it covers."""

    sha256: str
    heads: int
    area_centiares: int


def check_freeze(session: Session, row: Poll, waiver: str) -> tuple[int, int, int]:
    """Refuse to freeze what is not ready; gives the heads, area in 0.01 m² and gaps of its roll.

    Raises: WrongPollState, RollHasGaps, NoticeTooShort, OpensTooSoon.
    """
    check_state(row, {PollState.ROLL_POSTED})
    heads, area, gaps = read_roll_size(session, row)
    if gaps and not waiver.strip():
        raise RollHasGaps(gaps=gaps)
    _check_notice(row, clock.now())
    return heads, area, gaps


def hash_roll(session: Session, row: Poll) -> HashedRoll | None:
    """Hash a roll whose owners all have their hash; None while one has not.

    Of 20,000 entries it takes longer than a command may hold the writer: a job does it before.
    """
    entries = session.execute(
        select(RollEntry.number, RollEntry.area_centiares, RollEntry.owner_hash)
        .where(RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id)
        .order_by(RollEntry.number)
    ).all()
    if not all(owner for _, _, owner in entries):
        return None
    hashed = roll_hash([(number, size, owner) for number, size, owner in entries])
    return HashedRoll(hashed, len(entries), sum(size for _, size, _ in entries))


def freeze_row(session: Session, actor: Actor, row: Poll, waiver: str, roll: HashedRoll) -> str:
    """Freeze a poll, its whole roll under one hash, and publish it; gives the content's hash.

    While the roll is at work nobody else writes to it: one of another size is our own mistake.
    Raises: WrongPollState, RollHasGaps, NoticeTooShort, OpensTooSoon.
    """
    heads, area, gaps = check_freeze(session, row, waiver)
    assert (roll.heads, roll.area_centiares) == (heads, area), "the roll is not as it was hashed"
    row.gaps_waived = waiver.strip() if gaps else ""
    openers = prepare_box(session, actor, row, heads) if is_sealed(row.settings) else []
    content = content_of(session, row, roll.sha256, openers)
    tree_id = transparency.open_private_tree(session, row.community_id, f"poll:{row.id}")
    row.tree_id, row.frozen_at = tree_id, clock.now()
    row.roll_hash, row.content_hash = roll.sha256, hash_of(content)
    step(session, row, PollState.FROZEN)
    tell_frozen(session, row, content, heads, area)
    return row.content_hash


def content_of(
    session: Session, row: Poll, hashed_roll: str, openers: Sequence[str]
) -> dict[str, Any]:
    """Give what a poll's hash covers, as plain JSON; openers by the fingerprints of their keys."""
    options = session.scalars(
        select(PollOption).where(PollOption.poll_id == row.id).order_by(PollOption.number)
    )
    sealed = {"openers": list(openers)} if openers else {}
    return {
        **sealed,
        "closes": local_time(row.closes_at),
        "kind": row.kind.value,
        "opens": local_time(row.opens_at),
        "options": [[each.number, each.title, each.text, each.cost_fen] for each in options],
        "poll": row.id,
        "roll": hashed_roll,
        "secrecy": row.secrecy.value,
        "settings": dict(row.settings),
        "standing": row.standing.value,
        "text": row.text,
        "title": row.title,
        "turnout": row.turnout.value,
    }


def _check_notice(row: Poll, now: datetime) -> None:
    """Refuse an opening that comes too soon after the posting. Source: 指导规则 Art. 15."""
    if row.opens_at < now:
        raise OpensTooSoon
    days = int(row.settings["notice_days"])
    assert row.roll_posted_at is not None
    posted_on = clock.day_of(row.roll_posted_at)
    earliest = posted_on + timedelta(days=days)
    if clock.day_of(row.opens_at) < earliest:
        raise NoticeTooShort(days=days, earliest=earliest)


def local_time(instant: datetime) -> str:
    """Write an instant as the clock on the wall shows it."""
    return instant.astimezone(clock.SHANGHAI).isoformat(timespec="minutes")
