"""Commands about messages: send, read, prefer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, outbox
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.sentences import to_plain
from community.notices.models import Message, MessagePreference
from community.notices.queries import Preference, preferences_of
from community.notices.rules import MessageKind, after_quiet_hours

# What could not be sent for so long is no news any more; the inbox has it.
STALE_AFTER = timedelta(days=2)
# How a person is reached, and by which way out of the house.
CHANNELS = {"phone": outbox.Channel.SMS}


def send(
    session: Session,
    actor: Actor,
    person_id: int,
    title: str,
    body: str,
    link: str = "",
    kind: str = MessageKind.INFO,
) -> None:
    """Put a message into a person's inbox, and into the outbox for their addresses.

    The text must be complete: whoever reads it on paper or by SMS has no page behind it. One made
    by `kernel.sentences.say` is read in the reader's language; SMS are always Chinese.
    `link` is a path of the site, `/c/…`, or one inside the community without the leading slash.
    `kind` is info, todo, change or warning. Nothing goes to the dead.
    """
    send_to_all(session, actor, (person_id,), title, body, link, kind)


def send_to_all(
    session: Session,
    actor: Actor,
    person_ids: Sequence[int],
    title: str,
    body: str,
    link: str = "",
    kind: str = MessageKind.INFO,
) -> None:
    """Send one message to many, as `send` does to one: a statement of each sort for all."""
    cards = identity.people(session, actor.community_id, person_ids)
    living = [each.id for each in cards.values() if each.died_on is None]
    if not living:
        return
    message = {
        "community_id": actor.community_id,
        "kind": MessageKind(kind),
        "title": str(title),
        "body": str(body),
        "said": [to_plain(title), to_plain(body)],
        "link": link,
        "sent_at": clock.now(),
    }
    session.execute(insert(Message), [message | {"person_id": each} for each in living])
    _send_outside(session, actor.community_id, living, str(title), str(body))


def _send_outside(
    session: Session, community_id: int, person_ids: Sequence[int], title: str, body: str
) -> None:
    preferences = preferences_of(session, community_id, person_ids)
    addresses = identity.addresses_of_all(session, community_id, person_ids)
    for person_id in person_ids:
        preference = preferences.get(person_id, Preference())
        if not preference.wants_sms:
            continue
        not_before = after_quiet_hours(
            clock.now(), preference.quiet_from_minute, preference.quiet_until_minute
        )
        # One number is enough: a family's several phones are not all rung for one message.
        reachable = [each for each in addresses.get(person_id, ()) if each.channel in CHANNELS]
        for address in reachable[:1]:
            outbox.enqueue(
                session,
                community_id,
                CHANNELS[address.channel],
                address.value,
                title,
                body,
                subject=f"person:{person_id}",
                not_before=not_before,
                expires_at=not_before + STALE_AFTER,
            )


def read_message(session: Session, actor: Actor, message_id: int) -> str:
    """Mark one's own message as read and return where it leads.

    Raises: NotFound, also for somebody else's message.
    """
    row = session.get(Message, message_id)
    is_own = row is not None and row.community_id == actor.community_id
    if row is None or not is_own or row.person_id != actor.subject_id:
        raise NotFound
    if row.read_at is None:
        row.read_at = clock.now()
    return row.link


def read_all_messages(session: Session, actor: Actor) -> None:
    """Mark all one's messages as read."""
    session.execute(
        update(Message)
        .where(
            Message.community_id == actor.community_id,
            Message.person_id == _own_id(actor),
            Message.read_at.is_(None),
        )
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def keep_preference(
    session: Session,
    actor: Actor,
    wants_sms: bool,
    quiet_from_minute: int,
    quiet_until_minute: int,
) -> None:
    """Keep how one wants to be reached; minutes of the Shanghai day."""
    session.execute(
        delete(MessagePreference).where(
            MessagePreference.community_id == actor.community_id,
            MessagePreference.person_id == _own_id(actor),
        )
    )
    session.add(
        MessagePreference(
            community_id=actor.community_id,
            person_id=_own_id(actor),
            wants_sms=wants_sms,
            quiet_from_minute=quiet_from_minute,
            quiet_until_minute=quiet_until_minute,
        )
    )


def _own_id(actor: Actor) -> int:
    if actor.subject_id is None:
        raise NotAllowed
    return actor.subject_id
