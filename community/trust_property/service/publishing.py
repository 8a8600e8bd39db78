"""What the fund publishes in the community's log; people only as salted hashes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from community import transparency
from community.kernel.actor import Actor


def publish(session: Session, actor: Actor, kind: str, fields: Mapping[str, object]) -> int:
    """Publish a record of the fund together with the act."""
    return transparency.publish(session, actor.community_id, f"trust.{kind}", fields)


def hidden_person(session: Session, actor: Actor, person_id: int | None) -> str:
    """Give the hash that stands for a person in the log; empty for the product itself."""
    if person_id is None:
        return ""
    return transparency.hide(session, actor.community_id, f"person:{person_id}")


def hidden_words(session: Session, actor: Actor, words: str) -> str:
    """Give the hash that stands for words that are not for everybody, as an account number."""
    return transparency.hide(session, actor.community_id, words)
