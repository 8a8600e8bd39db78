"""A resident's statement of points or coins: the ledger's lines with what each is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from community import ledger
from community.volunteering.queries.balances import KINDS
from community.volunteering.queries.points import EarningView, earnings_by_id
from community.volunteering.queries.time_bank import gifts_by_id
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.points import Book
from community.volunteering.rules.statements import words_for


@dataclass(frozen=True, slots=True)
class Made:
    """What a line is made of, in another room's words."""

    title: str
    sub: str = ""


Describe = Callable[[Session, int, Sequence[int]], Mapping[int, Made]]
_describers: dict[str, Describe] = {}


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line: `words` say why, `title` what exactly, `earning_id` opens what it is made of."""

    occurred_on: date
    words: str
    title: str
    sub: str
    kind: ServiceKind | None
    minutes: int
    amount: int
    balance_after: int
    earning_id: int | None
    other_person_id: int | None
    is_reversal: bool


@dataclass(frozen=True, slots=True)
class MyStatement:
    """A statement's page, with what comes in and goes out when the page holds the whole span."""

    opening: int
    closing: int
    lines: tuple[StatementLine, ...]
    next_cursor: str | None
    got: int | None
    used: int | None


@dataclass(frozen=True, slots=True)
class Ending:
    """Units that end on a day unless they are used before."""

    ends_on: date
    units: int


def describe_source(prefix: str, describe: Describe) -> None:
    """Let another room tell what its sources (`redemption:7`) are; a flow brings the two together.

    `describe(session, community_id, ids)` answers title and sub-title by id.
    """
    _describers[prefix] = describe


def my_statement(
    session: Session,
    community_id: int,
    book: Book,
    owner: str,
    since: date | None,
    until: date | None,
    after: str | None = None,
    limit: int = 50,
) -> MyStatement:
    """Give a page of an owner's statement, the newest line first."""
    page = ledger.statement(
        session, community_id, KINDS[book], owner, since, until, after,
        limit=limit, newest_first=True,
    )  # fmt: skip
    lines = _lines(session, community_id, page.entries)
    is_whole = after is None and page.next_cursor is None
    return MyStatement(
        opening=page.opening,
        closing=page.closing,
        lines=lines,
        next_cursor=page.next_cursor,
        got=sum(line.amount for line in lines if line.amount > 0) if is_whole else None,
        used=sum(-line.amount for line in lines if line.amount < 0) if is_whole else None,
    )


def endings(session: Session, community_id: int, owner: str) -> tuple[Ending, ...]:
    """List what ends when, the soonest first; what never ends is left out."""
    return tuple(
        Ending(lot.expires_on, lot.available)
        for lot in ledger.lots_of(session, community_id, KINDS[Book.POINTS], owner)
        if lot.expires_on is not None and lot.available > 0
    )


def _lines(
    session: Session, community_id: int, entries: Sequence[ledger.StatementEntry]
) -> tuple[StatementLine, ...]:
    by_prefix: dict[str, list[int]] = {}
    for entry in entries:
        prefix, number = _split(entry.source)
        if number is not None:
            by_prefix.setdefault(prefix, []).append(number)
    earned = earnings_by_id(session, community_id, by_prefix.get("earning", []))
    gifts = gifts_by_id(session, community_id, by_prefix.get("gift", []))
    others = {
        prefix: _describers[prefix](session, community_id, numbers)
        for prefix, numbers in by_prefix.items()
        if prefix in _describers
    }
    return tuple(_line(entry, earned, gifts, others) for entry in entries)


def _line(
    entry: ledger.StatementEntry,
    earned: Mapping[int, EarningView],
    gifts: Mapping[int, tuple[int, int | None]],
    others: Mapping[str, Mapping[int, Made]],
) -> StatementLine:
    prefix, number = _split(entry.source)
    earning = earned.get(number) if prefix == "earning" and number is not None else None
    gift = gifts.get(number) if prefix == "gift" and number is not None else None
    made = others.get(prefix, {}).get(number) if number is not None else None
    other = None if gift is None else gift[1] if entry.amount < 0 else gift[0]
    return StatementLine(
        occurred_on=entry.occurred_on,
        words=words_for(entry.purpose),
        title=earning.title if earning else made.title if made else "",
        sub=made.sub if made else "",
        kind=earning.kind if earning else None,
        minutes=earning.minutes if earning else 0,
        amount=entry.amount,
        balance_after=entry.balance_after,
        earning_id=earning.id if earning else None,
        other_person_id=other,
        is_reversal=entry.reverses is not None or entry.purpose.endswith(".reversal"),
    )


def _split(source: str) -> tuple[str, int | None]:
    prefix, _, number = source.rpartition(":")
    return prefix, int(number) if number.isdecimal() and len(number) < 16 else None
