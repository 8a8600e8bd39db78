"""Counting a poll from its rows, the first time and any time after; only once it is closed."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from community.deliberation.errors.polls import NotClosedYet, PollNotFound
from community.deliberation.models import (
    Ballot,
    CountedBallot,
    Delivery,
    InvalidBallot,
    Poll,
    PollKind,
    PollOption,
    PollResult,
    RollEntry,
    SealedBallot,
)
from community.deliberation.rules.polls import (
    Pairs,
    PollState,
    Secrecy,
    canonical,
    tally_settings,
)
from community.deliberation.rules.sealed import is_sealed
from community.deliberation.tallies import Option, OwnerBallot, Roll, Silent, count
from community.kernel import clock

_SEALED_OF = and_(
    SealedBallot.poll_id == Ballot.poll_id, SealedBallot.roll_entry_id == Ballot.roll_entry_id
)


def count_poll(session: Session, community_id: int, poll_id: int) -> dict[str, Any]:
    """Count a closed poll and give the outcome as plain JSON.

    Raises: PollNotFound, NotClosedYet.
    """
    row = _closed(session, community_id, poll_id)
    options = [
        Option(number, cost)
        for number, cost in session.execute(
            select(PollOption.number, PollOption.cost_fen)
            .where(PollOption.poll_id == row.id)
            .order_by(PollOption.number)
        )
    ]
    ballots = (
        _owner_ballots(session, row)
        if row.kind is PollKind.OWNERS
        else [pairs for _, pairs, _ in _plain_ballots(session, row)]
    )
    roll = _roll(session, row)
    counted = count(row.kind, tally_settings(row.settings), options, ballots, roll)
    # Words of enumerations become plain text, as the result keeps and publishes them.
    plain: dict[str, Any] = json.loads(canonical(counted.as_plain()))
    return plain


def published_ballots(session: Session, community_id: int, poll_id: int) -> list[list[Any]]:
    """Give the ballots of a closed poll as they are published, in the order of their trackers.

    A secret one is [tracker, pairs, reason]. A named one is [tracker, pairs, reason, number on
    the roll, area, receipt's number, salt]: the salt opens the receipt's commitment. After them
    the delivered and silent owners, as ["", null, "", number on the roll, area, 0, ""].
    Of sealed ballots the salt opens the commitment to its encrypted part's hash, which stands last;
    invalid ones follow as [tracker, null, fault], with the number on the roll where named.
    Raises: PollNotFound, NotClosedYet.
    """
    row = _closed(session, community_id, poll_id)
    found_invalid = invalid_ballots(session, row)
    if row.secrecy is Secrecy.SECRET:
        counted: list[list[Any]] = [
            [tracker, _lists(pairs), why] for tracker, pairs, why in _plain_ballots(session, row)
        ]
        return counted + [[tracker, None, fault] for tracker, fault, _ in found_invalid]
    lines = session.execute(
        select(Ballot, RollEntry.number, RollEntry.area_centiares, SealedBallot.digest)
        .join(RollEntry, RollEntry.id == Ballot.roll_entry_id)
        .outerjoin(SealedBallot, _SEALED_OF)
        .where(Ballot.community_id == community_id, Ballot.poll_id == row.id)
        .where(Ballot.pairs.is_not(None))
        .order_by(Ballot.tracker)
    )
    named: list[list[Any]] = [
        [
            each.tracker,
            each.pairs,
            each.reason or "",
            number,
            area,
            each.receipt_number,
            (each.salt or b"").hex(),
            *([digest.hex()] if is_sealed(row.settings) else []),
        ]
        for each, number, area, digest in lines
    ]
    silent = [["", None, "", number, area, 0, ""] for number, area in _silent(session, row)]
    invalid = [[tracker, None, fault, number] for tracker, fault, number in found_invalid]
    return named + silent + invalid


def invalid_ballots(session: Session, row: Poll) -> list[tuple[str, str, int | None]]:
    """Give a sealed poll's invalid ballots by tracker: fault, and the roll's number where named."""
    rows = session.execute(
        select(InvalidBallot.tracker, InvalidBallot.fault, RollEntry.number)
        .outerjoin(RollEntry, RollEntry.id == InvalidBallot.roll_entry_id)
        .where(InvalidBallot.community_id == row.community_id, InvalidBallot.poll_id == row.id)
        .order_by(InvalidBallot.tracker)
    )
    return [(tracker, fault.value, number) for tracker, fault, number in rows]


def recount(session: Session, community_id: int, poll_id: int) -> tuple[dict[str, Any], bool]:
    """Count again, and tell whether it is what was published.

    Raises: PollNotFound, NotClosedYet.
    """
    outcome = count_poll(session, community_id, poll_id)
    kept = session.scalar(select(PollResult.outcome).where(PollResult.poll_id == poll_id))
    return outcome, kept == outcome


def _closed(session: Session, community_id: int, poll_id: int) -> Poll:
    row = session.scalar(select(Poll).where(Poll.community_id == community_id, Poll.id == poll_id))
    if row is None:
        raise PollNotFound
    if row.state not in {PollState.CLOSED, PollState.DECIDED}:
        closes = row.closes_at.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M")
        raise NotClosedYet(closes=closes)
    return row


def _plain_ballots(session: Session, row: Poll) -> list[tuple[str, Pairs, str]]:
    table = CountedBallot if row.secrecy is Secrecy.SECRET else Ballot
    rows = session.execute(
        select(table.tracker, table.pairs, table.reason)
        .where(table.community_id == row.community_id, table.poll_id == row.id)
        # A named ballot that was sealed and is invalid says nothing.
        .where(table.pairs.is_not(None))
        .order_by(table.tracker)
    )
    return [(tracker or "", _pairs(pairs), reason or "") for tracker, pairs, reason in rows]


def _owner_ballots(session: Session, row: Poll) -> list[OwnerBallot]:
    rows = session.execute(
        select(Ballot.pairs, RollEntry.area_centiares)
        .join(RollEntry, RollEntry.id == Ballot.roll_entry_id)
        .where(Ballot.community_id == row.community_id, Ballot.poll_id == row.id)
    )
    cast = [OwnerBallot(_pairs(pairs), area) for pairs, area in rows]
    return cast + [OwnerBallot((), area, is_cast=False) for _, area in _silent(session, row)]


def _silent(session: Session, row: Poll) -> list[tuple[int, int]]:
    """Give the number and area of each owner to whom a ballot was delivered and never came back.

    Under the strict rule nobody asks: silence is no participation.
    """
    if row.kind is not PollKind.OWNERS or row.settings["silent"] == Silent.STRICT:
        return []
    voted = select(Ballot.roll_entry_id).where(Ballot.poll_id == row.id)
    rows = session.execute(
        select(RollEntry.number, RollEntry.area_centiares)
        .join(Delivery, Delivery.roll_entry_id == RollEntry.id)
        .where(
            RollEntry.community_id == row.community_id,
            RollEntry.poll_id == row.id,
            Delivery.delivered_at < row.closes_at,
            # What its voter denied is no delivery; the one after it, with proof, is.
            Delivery.disputed_at.is_(None),
            RollEntry.id.not_in(voted),
        )
        .order_by(RollEntry.number)
    )
    return [(number, area) for number, area in rows]


def _roll(session: Session, row: Poll) -> Roll:
    heads, area = session.execute(
        select(func.count(), func.coalesce(func.sum(RollEntry.area_centiares), 0)).where(
            RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id
        )
    ).one()
    return Roll(int(heads), int(area), len(invalid_ballots(session, row)))


def _pairs(value: Any) -> Pairs:
    return tuple((int(option), int(number)) for option, number in value)


def _lists(pairs: Pairs) -> list[list[int]]:
    return [list(each) for each in pairs]
