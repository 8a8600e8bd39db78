"""Reading sealed polls: who opens, how far the opening is, and one's own envelope's terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, sealing, transparency
from community.deliberation.errors.polls import NotOnRoll
from community.deliberation.models import Poll, PollOpener, RollEntry, SealedBallot
from community.deliberation.rules.polls import PollState
from community.deliberation.rules.sealed import (
    is_sealed,
    may_count_incomplete,
    opening_due,
    owner_of,
    sealed_bytes,
    subject_of,
)
from community.kernel import clock, db
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class OpenerLine:
    """An opener: `given` and `denied` count ballots, known when the poll has closed."""

    person_id: int
    name: str
    fingerprint: str
    given_at: datetime | None
    denied: int


@dataclass(frozen=True, slots=True)
class SealingView:
    """How a sealed poll is opened; nothing here depends on a ballot before the poll has closed."""

    box_id: int
    needed: int
    openers: tuple[OpenerLine, ...]
    is_waiting: bool
    opened_at: datetime | None
    due: datetime | None
    ballots: int
    readable: int
    may_open_incomplete: bool
    may_void: bool

    def is_opener(self, person_id: int | None) -> bool:
        """Tell whether somebody is one of the openers."""
        return person_id in {each.person_id for each in self.openers}

    @property
    def given(self) -> int:
        """Count the openers who have given shares."""
        return sum(each.given_at is not None for each in self.openers)


def hidden_owner(community_id: int, poll_id: int, roll_entry_id: int) -> str:
    """Name an entry to the room sealing: its pages and its openers learn nothing of the roll."""
    name = f"sealed-poll:{poll_id}"
    return owner_of(transparency.hide_bytes(community_id, name, str(roll_entry_id).encode()))


def box_of(session: Session, row: Poll) -> sealing.BoxView:
    """Give the box of a frozen sealed poll."""
    found = sealing.find_box(session, row.community_id, subject_of(row.id))
    assert found is not None
    return found


def find_sealing(session: Session, community_id: int, poll_id: int) -> SealingView | None:
    """Tell how a sealed poll is opened; None where ballots are not sealed, or not frozen yet."""
    row = session.scalar(select(Poll).where(Poll.community_id == community_id, Poll.id == poll_id))
    if row is None or row.frozen_at is None or not is_sealed(row.settings):
        return None
    box = box_of(session, row)
    is_waiting = row.state is PollState.CLOSED and box.times.opened_at is None
    due = opening_due(row.closed_at) if row.closed_at is not None else None
    found = sealing.opening_progress(session, community_id, box.id) if is_waiting else None
    cards = identity.people(session, community_id, [each.person_id for each in box.openers])
    now = clock.now()
    return SealingView(
        box_id=box.id,
        needed=box.k,
        openers=tuple(
            OpenerLine(
                each.person_id,
                cards[each.person_id].name if each.person_id in cards else "",
                each.fingerprint,
                each.given_at if is_waiting else None,
                found.denied.get(each.place, 0) if found else 0,
            )
            for each in box.openers
        ),
        is_waiting=is_waiting,
        opened_at=box.times.opened_at,
        due=due,
        ballots=found.count if found else 0,
        readable=found.readable if found else 0,
        may_open_incomplete=found is not None
        and due is not None
        and may_count_incomplete(box.k, len(box.openers), len(found.complete), due, now),
        may_void=is_waiting and due is not None and now >= due,
    )


def is_waiting_for_openers(session: Session, row: Poll) -> bool:
    """Tell whether a closed poll's ballots are still sealed."""
    return is_sealed(row.settings) and box_of(session, row).times.opened_at is None


def own_binding(
    session: Session, actor: Actor, poll_id: int, roll_entry_id: int
) -> sealing.Binding:
    """Give what one's ballot must be sealed for. Raises: NotOnRoll."""
    mine = session.scalar(
        select(RollEntry.id).where(
            RollEntry.community_id == actor.community_id,
            RollEntry.poll_id == poll_id,
            RollEntry.id == roll_entry_id,
            RollEntry.voter_id == actor.subject_id,
        )
    )
    box = sealing.find_box(session, actor.community_id, subject_of(poll_id))
    if mine is None or box is None:
        raise NotOnRoll
    return box.binding(hidden_owner(actor.community_id, poll_id, roll_entry_id))


def own_sealed_receipt(session: Session, actor: Actor, poll_id: int, roll_entry_id: int) -> str:
    """Give the receipt of one's own sealed ballot as a file; empty where the site has none (more).

    Who helps somebody does not get it.
    """
    row = session.execute(
        select(SealedBallot, Poll.tree_id)
        .join(Poll, Poll.id == SealedBallot.poll_id)
        .join(RollEntry, RollEntry.id == SealedBallot.roll_entry_id)
        .where(
            SealedBallot.community_id == actor.community_id,
            SealedBallot.poll_id == poll_id,
            SealedBallot.roll_entry_id == roll_entry_id,
            RollEntry.voter_id == actor.subject_id,
        )
    ).one_or_none()
    if row is None or actor.on_behalf_of is not None:
        return ""
    proof, tree_id = row
    assert tree_id is not None, "a tree is opened before the first ballot"
    signed = transparency.sign_commitment(
        db.statements(session), proof.community_id, tree_id, proof.receipt_number
    )
    content = sealed_bytes(proof.poll_id, proof.digest)
    return transparency.write_ballot_receipt(content, proof.salt, signed.note).decode()


def chosen_openers(session: Session, community_id: int, poll_id: int) -> tuple[int, ...]:
    """Give who is chosen to open a poll's ballots, from its draft on."""
    chosen = (
        select(PollOpener.person_id)
        .where(PollOpener.community_id == community_id, PollOpener.poll_id == poll_id)
        .order_by(PollOpener.person_id)
    )
    return tuple(session.scalars(chosen))


def possible_openers(session: Session, community_id: int) -> tuple[tuple[int, str], ...]:
    """List who has a key as an opener, by name."""
    keys = sealing.opener_key_history(session, community_id)
    people = [each.person_id for each in keys if each.replaced_at is None]
    cards = identity.people(session, community_id, people).values()
    return tuple(sorted(((each.id, each.name) for each in cards), key=lambda one: one[1]))
