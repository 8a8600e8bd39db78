"""What people earned, from which source, and the good deeds that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from community.kernel.errors import NotFound
from community.volunteering.models import Earning, GoodDeed
from community.volunteering.rules.kinds import DeedKind, ServiceKind
from community.volunteering.rules.points import Book, DeedState, EarnedBefore, Source


@dataclass(frozen=True, slots=True)
class EarningView:
    """What an amount of points or coins was earned by."""

    id: int
    book: Book
    source: Source
    source_id: int
    owner: str
    person_id: int | None
    title: str
    kind: ServiceKind | None
    minutes: int
    units_before_caps: int
    units: int
    pooled_units: int
    rule_set_id: int
    served_on: date
    earned_on: date
    expires_on: date | None
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class DeedView:
    """A good deed with who proposed and who decided."""

    id: int
    person_id: int
    kind: DeedKind
    happened_on: date
    reason: str
    points: int
    needs_second: bool
    state: DeedState
    proposed_by: int
    proposed_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    answer: str


def month_span(day: date) -> tuple[date, date]:
    """Give the first day of a day's month and of the next."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def earned_before(
    session: Session, community_id: int, owner: str, activity_id: int | None, day: date
) -> EarnedBefore:
    """Add up the points of an owner that count against the caps of a day's earning.

    Awards for good deeds have their own limit and do not use up the caps of service.
    """
    first, after = month_span(day)
    mine = (
        Earning.community_id == community_id,
        Earning.owner == owner,
        Earning.book == Book.POINTS,
        Earning.source != Source.DEED,
        Earning.reversed_at.is_(None),
    )

    def total(*conditions: ColumnElement[bool]) -> int:
        found = session.scalar(
            select(func.coalesce(func.sum(Earning.units), 0)).where(*mine, *conditions)
        )
        return int(found or 0)

    return EarnedBefore(
        from_activity=total(Earning.activity_id == activity_id) if activity_id else 0,
        on_day=total(Earning.served_on == day),
        in_month=total(Earning.served_on >= first, Earning.served_on < after),
    )


def standing_earnings(
    session: Session, community_id: int, source: Source, source_id: int
) -> list[Earning]:
    """List what a source earned and was not taken back (rows, for commands of this room)."""
    return list(
        session.scalars(
            select(Earning)
            .where(
                Earning.community_id == community_id,
                Earning.source == source,
                Earning.source_id == source_id,
                Earning.reversed_at.is_(None),
            )
            .order_by(Earning.id)
        )
    )


def owing_earnings(session: Session, community_id: int, book: Book, owner: str) -> list[Earning]:
    """List what was taken back after it was spent and is still owed, the oldest first (rows)."""
    return list(
        session.scalars(
            select(Earning)
            .where(
                Earning.community_id == community_id,
                Earning.owner == owner,
                Earning.book == book,
                Earning.unrecovered_units > 0,
            )
            .order_by(Earning.id)
        )
    )


def owed_units(session: Session, community_id: int, book: Book, owner: str) -> int:
    """Tell how much of an owner's next earnings pays for what was spent and taken back."""
    owing = owing_earnings(session, community_id, book, owner)
    return sum(each.unrecovered_units for each in owing)


def earnings_by_id(
    session: Session, community_id: int, ids: Iterable[int]
) -> dict[int, EarningView]:
    """Give earnings by id, for the lines of a statement."""
    rows = session.scalars(
        select(Earning).where(Earning.community_id == community_id, Earning.id.in_(list(ids)))
    )
    return {row.id: _view(row) for row in rows}


def get_earning(session: Session, community_id: int, earning_id: int) -> EarningView:
    """Get an earning: what a line of a statement is made of.

    Raises: NotFound.
    """
    found = earnings_by_id(session, community_id, [earning_id]).get(earning_id)
    if found is None:
        raise NotFound
    return found


def waiting_deeds(session: Session, community_id: int) -> tuple[DeedView, ...]:
    """List good deeds that wait for a second person, the oldest first."""
    return _deeds(session, GoodDeed.state == DeedState.PROPOSED, community_id)


def decided_deeds(session: Session, community_id: int, since: date) -> tuple[DeedView, ...]:
    """List good deeds decided for days from `since` on."""
    return _deeds(
        session,
        (GoodDeed.state != DeedState.PROPOSED) & (GoodDeed.happened_on >= since),
        community_id,
    )


def get_deed(session: Session, community_id: int, deed_id: int) -> DeedView:
    """Get a good deed.

    Raises: NotFound.
    """
    found = _deeds(session, GoodDeed.id == deed_id, community_id)
    if not found:
        raise NotFound
    return found[0]


def first_key_points(
    session: Session, community_id: int, proposer_id: int, person_id: int, since: datetime
) -> int:
    """Add up what one proposer gave one person alone since an instant.

    Splitting an award into small ones must not get round the second approval.
    """
    found = session.scalar(
        select(func.coalesce(func.sum(GoodDeed.points), 0)).where(
            GoodDeed.community_id == community_id,
            GoodDeed.proposed_by == proposer_id,
            GoodDeed.person_id == person_id,
            GoodDeed.needs_second.is_(False),
            GoodDeed.state == DeedState.GRANTED,
            GoodDeed.proposed_at >= since,
        )
    )
    return int(found or 0)


def _deeds(
    session: Session, condition: ColumnElement[bool], community_id: int
) -> tuple[DeedView, ...]:
    rows = session.scalars(
        select(GoodDeed)
        .where(GoodDeed.community_id == community_id, condition)
        .order_by(GoodDeed.proposed_at, GoodDeed.id)
    )
    return tuple(
        DeedView(
            id=row.id,
            person_id=row.person_id,
            kind=DeedKind(row.kind),
            happened_on=row.happened_on,
            reason=row.reason,
            points=row.points,
            needs_second=row.needs_second,
            state=DeedState(row.state),
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            answer=row.answer,
        )
        for row in rows
    )


def _view(row: Earning) -> EarningView:
    return EarningView(
        id=row.id, book=Book(row.book), source=Source(row.source), source_id=row.source_id,
        owner=row.owner, person_id=row.person_id, title=row.title, kind=row.kind,
        minutes=row.minutes, units_before_caps=row.units_before_caps, units=row.units,
        pooled_units=row.pooled_units, rule_set_id=row.rule_set_id, served_on=row.served_on,
        earned_on=row.earned_on, expires_on=row.expires_on,
        is_reversed=row.reversed_at is not None,
    )  # fmt: skip
