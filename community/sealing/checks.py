"""Every broken invariant of this room in words, from rows alone.

Reading a content costs its decryption, so `problems` reads those of boxes that were shut within
the last month or are not yet, and of older ones each day another thirtieth; `content_problems`
reads all.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from community.kernel import clock, files
from community.sealing.errors import EnvelopeUnreadable
from community.sealing.models import Box, Content, Envelope, Opener, Opening, Share
from community.sealing.queries.contents import kept_of, shares_of
from community.sealing.rules import boxes as rules
from community.sealing.rules import envelope as sealed
from community.sealing.rules.boxes import SALT_LENGTH, BoxLevel
from community.sealing.rules.header import split

# A box this long after its deadline is history: nobody judges or objects any more.
CLOSE_LOOK = timedelta(days=30)
ROUND_DAYS = 30


def problems(session: Session) -> list[str]:
    """List what is not as it must be; each content of long ago is read once in thirty days."""
    today = clock.today().toordinal()
    recent = Box.deadline >= clock.now() - CLOSE_LOOK
    is_due = or_(recent, Envelope.id % ROUND_DAYS == today % ROUND_DAYS)
    return [
        *_out_of_time(session),
        *_sets_changed(session),
        *_openers_missing(session),
        *_contents_missing(session),
        *_copies(session),
        *_given_too_early(session),
        *_contents_wrong(session, is_due),
        *_keys_wrong(session, is_due),
        *_keys_left(session),
    ]


def content_problems(session: Session) -> list[str]:
    """Read every content there is, however old: each is what was committed to, each key fits."""
    return [*_contents_wrong(session, true()), *_keys_wrong(session, true())]


def _out_of_time(session: Session) -> list[str]:
    query = (
        select(Envelope.id)
        .join(Box, Box.id == Envelope.box_id)
        .where(
            or_(
                Envelope.received_at >= Box.deadline,
                Envelope.received_at < Box.opens_at,
                Envelope.ended_at >= Box.deadline,
            )
        )
    )
    return [
        f"sealing: envelope {each} came or ended out of time" for each in session.scalars(query)
    ]


def _sets_changed(session: Session) -> list[str]:
    found = []
    for box in session.scalars(select(Box).where(Box.frozen_at.is_not(None))):
        query = select(Envelope.commitment).where(
            Envelope.box_id == box.id, Envelope.ended_at.is_(None)
        )
        inside = list(session.scalars(query))
        if len(inside) != box.envelope_count or rules.hash_set(inside) != box.set_hash:
            found.append(f"sealing: box {box.id} holds other envelopes than when it was shut")
    return found


def _openers_missing(session: Session) -> list[str]:
    count = select(func.count()).where(Opener.box_id == Box.id).correlate(Box).scalar_subquery()
    query = select(Box.id).where(or_(count < Box.k, (Box.level != BoxLevel.L2) & (count > 0)))
    return [f"sealing: box {each} has not its openers" for each in session.scalars(query)]


def _contents_missing(session: Session) -> list[str]:
    """Current envelopes have a content; others have none any more."""
    query = (
        select(Envelope.id, Envelope.ended_at, _emptied(), Content.envelope_id)
        .join(Box, Box.id == Envelope.box_id)
        .outerjoin(Content, Content.envelope_id == Envelope.id)
    )
    return [
        f"sealing: envelope {envelope_id} has content: {kept is not None}"
        for envelope_id, ended_at, is_emptied, kept in session.execute(query)
        if (ended_at is None and not is_emptied) != (kept is not None)
    ]


def _contents_wrong(session: Session, is_due: ColumnElement[bool]) -> list[str]:
    """A current envelope's content is what was committed to."""
    query = (
        select(Envelope)
        .join(Box, Box.id == Envelope.box_id)
        .join(Content, Content.envelope_id == Envelope.id)
        .where(~_emptied(), Envelope.ended_at.is_(None), is_due)
        .order_by(Envelope.id)
    )
    return [
        f"sealing: envelope {row.id} is not what was committed to"
        for row in session.scalars(query)
        if not _is_committed(session, row)
    ]


def _emptied() -> ColumnElement[bool]:
    """Ask of a box whether its contents are destroyed: given up, or opened and not kept."""
    return or_(
        Box.discarded_at.is_not(None),
        and_(Box.opened_at.is_not(None), Box.keeps_contents.is_(False)),
    )


def _keys_left(session: Session) -> list[str]:
    """Of a box that keeps nothing neither shares nor keys outlive the opening."""
    found = []
    for table in (Share, Opening):
        query = (
            select(table.envelope_id)
            .join(Envelope, Envelope.id == table.envelope_id)
            .join(Box, Box.id == Envelope.box_id)
            .where(Box.opened_at.is_not(None), Box.keeps_contents.is_(False))
        )
        found += [
            f"sealing: {table.__tablename__} of envelope {each} outlived its opening"
            for each in session.scalars(query)
        ]
    return found


def _is_committed(session: Session, row: Envelope) -> bool:
    try:
        kept = kept_of(session, row)
    except files.FileUnreadable:
        return False
    return rules.commit(kept[:SALT_LENGTH], kept[SALT_LENGTH:]) == row.commitment


def _copies(session: Session) -> list[str]:
    query = (
        select(Envelope.community_id)
        .where(Envelope.ciphertext_hash.is_not(None))
        .group_by(Envelope.community_id, Envelope.ciphertext_hash)
        .having(
            or_(
                func.count(Envelope.box_id.distinct()) > 1,
                func.count(Envelope.owner.distinct()) > 1,
            )
        )
    )
    return [
        f"sealing: an envelope was copied in community {each}" for each in session.scalars(query)
    ]


def _given_too_early(session: Session) -> list[str]:
    found = []
    for table in (Share, Opening):
        query = (
            select(table.envelope_id)
            .join(Envelope, Envelope.id == table.envelope_id)
            .join(Box, Box.id == Envelope.box_id)
            .where(table.given_at < Box.deadline)
        )
        found += [
            f"sealing: {table.__tablename__} of envelope {each} came before the deadline"
            for each in session.scalars(query)
        ]
    return found


def _keys_wrong(session: Session, is_due: ColumnElement[bool]) -> list[str]:
    """Every key is its envelope's, and every share the one the envelope names."""
    found = []
    query = (
        select(Envelope)
        .join(Box, Box.id == Envelope.box_id)
        .where(Box.level == BoxLevel.L2, Box.frozen_at.is_not(None))
        .join(Content, Content.envelope_id == Envelope.id)
        .where(~_emptied(), Envelope.ended_at.is_(None), is_due)
        .order_by(Envelope.id)
    )
    for row in session.scalars(query):
        try:
            header = split(kept_of(session, row)[SALT_LENGTH:])[0]
        except (files.FileUnreadable, EnvelopeUnreadable):
            found.append(f"sealing: envelope {row.id} cannot be read")
            continue
        opening = session.get(Opening, (row.community_id, row.id))
        if opening is not None and not sealed.is_key(header, opening.envelope_key):
            found.append(f"sealing: envelope {row.id} is held open by another key")
        for place, share in shares_of(session, row).items():
            if share is not None and not sealed.is_share(header, place, share):
                found.append(f"sealing: envelope {row.id} has a wrong share of place {place}")
    return found
