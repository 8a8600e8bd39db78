"""Replacing a log's key: the new one is announced under the old one's signature."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import hot_path
from community.transparency.errors import AlreadyRotated
from community.transparency.rules.note import make_key
from community.transparency.service.publishing import publish
from community.transparency.service.sealing import lock_log, open_log, seal_community
from community.transparency.service.signing import add_key, make_key_file, signing_key

KEY_KIND = "log.key"


@hot_path
def rotate_key(session: Session, actor: Actor, expected: str = "") -> str:
    """Replace the key of the actor's log; gives the new verifier key.

    The record that names the new key is sealed and signed under the old one first; the next
    checkpoint is the new key's. Old checkpoints keep verifying under the old key. `expected` is
    the verifier key to be replaced, when the caller has seen it.

    Raises: AlreadyRotated when another key signs by now; as `seal_community`.
    """
    at = db.statements(session)
    lock_log(at, actor.community_id)
    origin = open_log(at, actor.community_id)
    _, old, _ = signing_key(at, actor.community_id, origin)
    if expected and expected != str(old):
        raise AlreadyRotated
    row = at.one(
        "SELECT MAX(number) FROM transparency_log_key WHERE community_id = ?",
        (actor.community_id,),
    )
    assert row is not None
    number = row[0] + 1
    new = make_key(origin, make_key_file(actor.community_id, number))
    told = {"key": number, "verifier_key": str(new), "replaces": str(old)}
    publish(at, actor.community_id, KEY_KIND, told)
    while seal_community(session, actor):
        continue
    add_key(at, actor.community_id, number)
    return str(new)
