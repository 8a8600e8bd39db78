"""Commands of a roll before the freeze: who is on it, who votes for whom, and by what area."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import identity
from community.deliberation import permissions
from community.deliberation.errors.polls import RollEmpty, SameVoters
from community.deliberation.models import AreaBasis, Poll, RollEntry, RollUnit, RollWorkKind
from community.deliberation.rules.polls import PollState, RollKind
from community.deliberation.service.poll_rows import (
    check_state,
    get_entry_row,
    get_poll_row,
    step,
)
from community.deliberation.service.roll_lines import (
    NO_OWNER,
    clear_roll,
    draw_up,
    person_line,
    register_size,
    write_lines,
)
from community.deliberation.service.roll_works import MOST_AT_ONCE, begin, check_idle, give_up
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotFound


def post_roll(
    session: Session, actor: Actor, poll_id: int, most_at_once: int = MOST_AT_ONCE
) -> int:
    """Draw up the roll from the registers as they stand and post it; gives its entries.

    A roll longer than `most_at_once` is drawn up by a job in pieces, and 0 is given.
    Raises: PollNotFound, WrongPollState, RollAtWork, RollEmpty, NotFound (no such body).
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.DRAFT})
    check_idle(session, row)
    if register_size(session, row) > most_at_once:
        begin(session, actor, row, RollWorkKind.POST)
        return 0
    give_up(session, row)
    if row.roll_kind is not RollKind.LIST:
        clear_roll(session, row)
        write_lines(session, row, draw_up(session, row))
    return show_roll(session, row)


def show_roll(session: Session, row: Poll) -> int:
    """Post a roll that is drawn up whole; gives its entries.

    Raises: RollEmpty, WrongPollState.
    """
    mine = (RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id)
    entries = session.scalar(select(func.count()).where(*mine)) or 0
    if not entries:
        raise RollEmpty
    row.roll_posted_at = clock.now()
    step(session, row, PollState.ROLL_POSTED)
    return entries


def name_voter(session: Session, actor: Actor, roll_entry_id: int, person_id: int) -> None:
    """Let a member vote for an entry: the one whom co-owners or an organization named.

    Raises: RollEntryNotFound, WrongPollState, NotFound (no member).
    """
    row, entry = _open_entry(session, actor, roll_entry_id)
    check_state(row, {PollState.DRAFT, PollState.ROLL_POSTED})
    card = identity.get_person(session, actor.community_id, person_id)
    if card.has_left or card.died_on is not None:
        raise NotFound
    entry.voter_id = person_id
    if entry.head == NO_OWNER:
        entry.head = card.name


def merge_heads(session: Session, actor: Actor, roll_entry_id: int, other_id: int) -> None:
    """Put two entries under the first one's head, area and units together.

    For a developer's units that are sold and not yet delivered. Raises: RollEntryNotFound,
    WrongPollState, SameVoters.
    """
    row, entry = _open_entry(session, actor, roll_entry_id)
    other = get_entry_row(session, actor.community_id, other_id)
    if other.poll_id != entry.poll_id or other.id == entry.id:
        raise SameVoters
    check_state(row, {PollState.DRAFT, PollState.ROLL_POSTED})
    entry.area_centiares += other.area_centiares
    entry.units += other.units
    session.flush()
    session.execute(
        update(RollUnit)
        .where(RollUnit.community_id == actor.community_id, RollUnit.roll_entry_id == other.id)
        .values(roll_entry_id=entry.id)
        .execution_options(synchronize_session=False)
    )
    session.delete(other)


def correct_area(
    session: Session, actor: Actor, poll_id: int, unit_id: int, area: int, basis: AreaBasis
) -> None:
    """Put a unit's area in 0.01 m² right on a posted roll, and on what paper it rests.

    Registered, else surveyed, else by contract. Source: 法释〔2020〕17号 Art. 8.
    Raises: PollNotFound, WrongPollState, NotFound (no such unit on the roll).
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.ROLL_POSTED})
    check_idle(session, row)
    unit = session.scalar(
        select(RollUnit).where(
            RollUnit.community_id == actor.community_id,
            RollUnit.poll_id == poll_id,
            RollUnit.unit_id == unit_id,
        )
    )
    if unit is None:
        raise NotFound
    entry = get_entry_row(session, actor.community_id, unit.roll_entry_id)
    entry.area_centiares += area - unit.area_centiares
    unit.area_centiares, unit.basis = area, basis


def keep_people(session: Session, row: Poll, people: Sequence[int]) -> None:
    """Write a draft's own list of people; other rolls are drawn up when they are posted."""
    if row.roll_kind is not RollKind.LIST:
        people = ()
    cards = identity.people(session, row.community_id, people)
    if set(cards) != set(people):
        raise NotFound
    clear_roll(session, row)
    write_lines(session, row, [person_line(cards[each]) for each in dict.fromkeys(people)])


def _open_entry(session: Session, actor: Actor, roll_entry_id: int) -> tuple[Poll, RollEntry]:
    actor.check(permissions.CONVENE.code)
    entry = get_entry_row(session, actor.community_id, roll_entry_id)
    row = get_poll_row(session, actor.community_id, entry.poll_id)
    check_idle(session, row)
    return row, entry
