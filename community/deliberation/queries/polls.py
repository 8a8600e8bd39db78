"""Reading polls: what is asked, of whom, and how far it is; never what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from community.deliberation.errors.polls import PollNotFound
from community.deliberation.models import Poll, PollKind, PollOption, RollEntry
from community.deliberation.queries.roll_corrections import open_corrections
from community.deliberation.rules.polls import (
    PollState,
    RollKind,
    Secrecy,
    Standing,
    Turnout,
    phase_at,
)
from community.kernel import clock
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class OptionView:
    """Something to choose."""

    number: int
    title: str
    text: str
    cost_fen: int


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll as every page shows it; `state` is judged by the clock.

    It holds nothing that depends on a ballot.
    """

    id: int
    kind: PollKind
    title: str
    text: str
    subject: str
    options: tuple[OptionView, ...]
    settings: Mapping[str, int | str | bool]
    standing: Standing
    secrecy: Secrecy
    turnout: Turnout
    roll_kind: RollKind
    body_id: int | None
    state: PollState
    opens_at: datetime
    closes_at: datetime
    roll_posted_at: datetime | None
    gaps_waived: str
    frozen_at: datetime | None
    content_hash: str
    roll_hash: str
    closed_at: datetime | None
    decided_at: datetime | None
    withdrawn_reason: str
    heads: int
    area_centiares: int
    gaps: int

    @property
    def has_result(self) -> bool:
        """Tell whether it was counted."""
        return self.state is PollState.DECIDED

    @property
    def is_over(self) -> bool:
        """Tell whether it takes no more ballots."""
        return self.state in {PollState.CLOSED, PollState.DECIDED, PollState.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class PollLine:
    """A poll in a list."""

    id: int
    title: str
    kind: PollKind
    standing: Standing
    state: PollState
    opens_at: datetime
    closes_at: datetime
    is_mine: bool


def find_poll(session: Session, community_id: int, poll_id: int) -> PollView | None:
    """Find a poll of a community, drafts included."""
    row = session.scalar(select(Poll).where(Poll.community_id == community_id, Poll.id == poll_id))
    return None if row is None else _view(session, row)


def get_poll(session: Session, community_id: int, poll_id: int) -> PollView:
    """Give a poll of a community.

    Raises: PollNotFound.
    """
    found = find_poll(session, community_id, poll_id)
    if found is None:
        raise PollNotFound
    return found


def find_poll_for(session: Session, community_id: int, subject: str) -> PollView | None:
    """Find the newest poll about a subject, such as "motion:12"; withdrawn ones aside."""
    row = session.scalar(
        select(Poll)
        .where(
            Poll.community_id == community_id,
            Poll.subject == subject,
            Poll.state != PollState.WITHDRAWN,
        )
        .order_by(Poll.id.desc())
        .limit(1)
    )
    return None if row is None else _view(session, row)


def polls(session: Session, actor: Actor) -> tuple[PollLine, ...]:
    """List the polls residents may see: from the posting of the roll on, the newest first."""
    return _lines(session, actor, Poll.state != PollState.DRAFT)


def all_polls(session: Session, actor: Actor) -> tuple[PollLine, ...]:
    """List all polls, drafts included, for the desk."""
    return _lines(session, actor, Poll.id > 0)


def count_due(session: Session, community_id: int) -> int:
    """Count the polls whose roll waits for its freeze, or whose ballots wait to be counted."""
    over = and_(Poll.state.in_((PollState.FROZEN, PollState.OPEN)), Poll.closes_at <= clock.now())
    chosen = select(func.count()).where(
        Poll.community_id == community_id,
        or_(Poll.state.in_((PollState.ROLL_POSTED, PollState.CLOSED)), over),
    )
    return session.scalar(chosen) or 0


def _lines(session: Session, actor: Actor, chosen: ColumnElement[bool]) -> tuple[PollLine, ...]:
    mine = set(
        session.scalars(
            select(RollEntry.poll_id).where(
                RollEntry.community_id == actor.community_id,
                RollEntry.voter_id == actor.subject_id,
            )
        )
    )
    rows = session.scalars(
        select(Poll)
        .where(Poll.community_id == actor.community_id, chosen)
        .order_by(Poll.closes_at.desc(), Poll.id.desc())
    )
    now = clock.now()
    return tuple(
        PollLine(
            row.id,
            row.title,
            row.kind,
            row.standing,
            phase_at(row.state, row.opens_at, row.closes_at, now),
            row.opens_at,
            row.closes_at,
            row.id in mine,
        )
        for row in rows
    )


def _view(session: Session, row: Poll) -> PollView:
    options = session.scalars(
        select(PollOption)
        .where(PollOption.community_id == row.community_id, PollOption.poll_id == row.id)
        .order_by(PollOption.number)
    )
    heads, area, gaps = read_roll_size(session, row)
    return PollView(
        id=row.id,
        kind=row.kind,
        title=row.title,
        text=row.text,
        subject=row.subject,
        options=tuple(
            OptionView(each.number, each.title, each.text, each.cost_fen) for each in options
        ),
        settings=dict(row.settings),
        standing=row.standing,
        secrecy=row.secrecy,
        turnout=row.turnout,
        roll_kind=row.roll_kind,
        body_id=row.body_id,
        state=phase_at(row.state, row.opens_at, row.closes_at, clock.now()),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        roll_posted_at=row.roll_posted_at,
        gaps_waived=row.gaps_waived,
        frozen_at=row.frozen_at,
        content_hash=row.content_hash or "",
        roll_hash=row.roll_hash or "",
        closed_at=row.closed_at,
        decided_at=row.decided_at,
        withdrawn_reason=row.withdrawn_reason,
        heads=heads,
        area_centiares=area,
        gaps=gaps,
    )


def read_roll_size(session: Session, row: Poll) -> tuple[int, int, int]:
    """Give a roll's heads, its area in 0.01 m², and its gaps.

    A gap is an entry that nobody votes for or whose area is missing, and a correction that was
    asked for and not answered.
    """
    mine = (RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id)
    gap: ColumnElement[bool] = RollEntry.voter_id.is_(None)
    if row.roll_kind is RollKind.OWNERS:
        gap = or_(gap, RollEntry.area_centiares == 0)
    whole = select(
        func.count(),
        func.coalesce(func.sum(RollEntry.area_centiares), 0),
        func.coalesce(func.sum(case((gap, 1), else_=0)), 0),
    )
    heads, area, gaps = session.execute(whole.where(*mine)).one()
    gaps += open_corrections(session, row)
    return int(heads), int(area), int(gaps)


def community_of(session: Session, poll_id: int) -> int:
    """Tell whose a poll is, for the terminal, which has no address.

    Raises: PollNotFound.
    """
    found = session.scalar(select(Poll.community_id).where(Poll.id == poll_id))
    if found is None:
        raise PollNotFound
    return found


def voters_of(session: Session, community_id: int, poll_id: int) -> tuple[tuple[int, int], ...]:
    """Give a roll's entries with the person who votes for each, gaps aside, by number."""
    rows = session.execute(
        select(RollEntry.id, RollEntry.voter_id)
        .where(RollEntry.community_id == community_id, RollEntry.poll_id == poll_id)
        .order_by(RollEntry.number)
    )
    return tuple((entry, person) for entry, person in rows if person is not None)


def unnamed_entries(
    session: Session, community_id: int, poll_id: int
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Give the entries whose co-owners have named no voter yet, with the people they are."""
    rows = session.execute(
        select(RollEntry.id, RollEntry.owner_key)
        .where(
            RollEntry.community_id == community_id,
            RollEntry.poll_id == poll_id,
            RollEntry.voter_id.is_(None),
        )
        .order_by(RollEntry.number)
    )
    found = ((entry, _people_in(key)) for entry, key in rows)
    return tuple((entry, people) for entry, people in found if people)


def _people_in(owner_key: str) -> tuple[int, ...]:
    parts = (each.partition(":") for each in owner_key.split("+"))
    return tuple(int(number) for kind, _, number in parts if kind == "person")
