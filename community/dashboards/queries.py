"""What home, my page and the street office read from the rooms' doors, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import deliberation, identity, ledger, notices, volunteering
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.kernel.tables import Community

ENDS_WITHIN = timedelta(days=60)
# Fewer people than this behind a figure, and the figure would name them.
LEAST_PEOPLE = 5
NEEDS_SHOWN = 3
SHIFTS_SHOWN = 3
MESSAGES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a person has: points of the household, coins and hours of their own."""

    points: int
    points_ending: int
    ends_on: date | None
    coin_minutes: int
    served_minutes: int


@dataclass(frozen=True, slots=True)
class Home:
    """Everything the home page shows about its reader's day."""

    name: str
    part_of_day: str
    holdings: Holdings
    shifts: tuple[volunteering.ShiftView, ...]
    led: tuple[volunteering.ShiftView, ...]
    polls: tuple[deliberation.PollLine, ...]
    messages: tuple[notices.MessageView, ...]
    unread: int
    needs: tuple[volunteering.NeedView, ...]
    open_notices: tuple[notices.NoticeView, ...]


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """How the community does this month, above the desk's list."""

    volunteers: int
    given_minutes: int
    received_minutes: int
    open_notices: int


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """One community as the street office sees it."""

    slug: str
    name: str
    residents: int
    volunteers: int
    given_minutes: int
    received_minutes: int
    months: tuple[int, ...]
    overdue: int


def home_of(session: Session, actor: Actor) -> Home:
    """Gather the home page of whom the actor acts for."""
    person_id = actor.subject_id
    assert person_id is not None, "home is for people who have signed in"
    community_id = actor.community_id
    found = notices.inbox(session, community_id, person_id)
    needs = volunteering.open_needs(session, actor)
    return Home(
        name=identity.get_person(session, community_id, person_id).name,
        part_of_day=part_of_day(clock.now()),
        holdings=holdings_of(session, community_id, person_id),
        shifts=volunteering.my_shifts(session, community_id, person_id)[:SHIFTS_SHOWN],
        led=led_today(session, actor),
        polls=deliberation.polls_to_cast(session, actor),
        messages=tuple(each for each in found.messages if not each.is_read)[:MESSAGES_SHOWN],
        unread=found.unread,
        needs=tuple(each for each in needs if person_id != each.receiver_id)[:NEEDS_SHOWN],
        open_notices=tuple(
            notices.notices_by_phase(session, community_id, notices.NoticePhase.OPEN)
        ),
    )


def led_today(session: Session, actor: Actor) -> tuple[volunteering.ShiftView, ...]:
    """List today's shifts that a person leads themselves; staff find all of them at the desk."""
    activities = volunteering.led_activity_ids(session, actor)
    if not activities:
        return ()
    found = volunteering.led_shifts(session, actor.community_id, activities, clock.now())
    return tuple(each for each in found if clock.day_of(each.starts_at) <= clock.today())


def holdings_of(session: Session, community_id: int, person_id: int) -> Holdings:
    """Tell what a person has; points are the household's, as they may be spent together."""
    household_id = identity.household_of(session, community_id, person_id)
    owners = [f"person:{person_id}"]
    if household_id is not None:
        members = identity.members_of(session, community_id, household_id)
        owners = [f"household:{household_id}", *(f"person:{each}" for each in members)]
    points = ledger.BookKind.POINTS
    last_day = clock.today() + ENDS_WITHIN
    ending = [
        lot
        for owner in owners
        for lot in ledger.lots_of(session, community_id, points, owner)
        if lot.expires_on is not None and lot.expires_on <= last_day and lot.available > 0
    ]
    mine = f"person:{person_id}"
    return Holdings(
        points=sum(
            ledger.balance_of(session, community_id, points, owner).available for owner in owners
        ),
        points_ending=sum(lot.available for lot in ending),
        ends_on=min((lot.expires_on for lot in ending if lot.expires_on), default=None),
        coin_minutes=ledger.balance_of(session, community_id, ledger.BookKind.TIME, mine).available,
        served_minutes=ledger.balance_of(session, community_id, ledger.BookKind.HOURS, mine).total,
    )


def part_of_day(instant: datetime) -> str:
    """Tell the part of the Shanghai day, for the greeting."""
    hour = instant.astimezone(clock.SHANGHAI).hour
    if 5 <= hour < 12:
        return "morning"
    return "afternoon" if 12 <= hour < 18 else "evening"


def list_communities(session: Session) -> list[Community]:
    """List the communities of this installation by name."""
    return list(session.scalars(select(Community).order_by(Community.name)))


def year_until(today: date) -> tuple[date, date]:
    """Give the twelve months that end with this one."""
    first = today.year * 12 + today.month - 12
    return date(first // 12, first % 12 + 1, 1), today


def desk_figures(session: Session, community_id: int) -> DeskFigures:
    """Tell how the community does this month."""
    today = clock.today()
    found = volunteering.figures(session, community_id, today.replace(day=1), today, LEAST_PEOPLE)
    month = found.months[-1]
    posted = notices.notices_by_phase(session, community_id, notices.NoticePhase.OPEN)
    return DeskFigures(month.volunteers, month.given, month.received, len(posted))


def street_rows(session: Session, person_id: int) -> list[CommunityRow]:
    """List the communities a street officer looks after, the most overdue first."""
    rows = []
    for community in list_communities(session):
        actor = identity.actor_for(session, person_id, community.id)
        if actor is not None and Role.STREET.value in actor.roles:
            rows.append(_street_row(session, community))
    return sorted(rows, key=lambda row: (-row.overdue, -row.given_minutes, row.name))


def _street_row(session: Session, community: Community) -> CommunityRow:
    since, until = year_until(clock.today())
    found = volunteering.figures(session, community.id, since, until, LEAST_PEOPLE)
    this_month = found.months[-1]
    return CommunityRow(
        slug=community.slug,
        name=community.name,
        residents=len(identity.member_ids(session, community.id)),
        volunteers=this_month.volunteers,
        given_minutes=this_month.given,
        received_minutes=this_month.received,
        months=tuple(month.given for month in found.months),
        overdue=volunteering.overdue_hours_count(session, community.id),
    )
