"""Our log's witnesses: who they are, how many a checkpoint needs, and their cosignatures."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.transparency.errors import (
    BadCosignature,
    BadWitnessKey,
    NotEnoughWitnesses,
    NotOurCheckpoint,
)
from community.transparency.queries.checkpoints import find_checkpoint
from community.transparency.queries.signatures import is_signed
from community.transparency.queries.witnesses import witnesses_needed, witnesses_of
from community.transparency.rules import note
from community.transparency.service.publishing import publish

QUORUM_KIND = "log.quorum"


def add_witness(session: Session, actor: Actor, verifier_key: str) -> int:
    """Let somebody witness the log of the actor's community; the log itself tells it.

    Raises: BadWitnessKey when it is no cosigner's key, or is known already.
    """
    try:
        key = note.read_key(verifier_key)
    except note.BadNote as problem:
        raise BadWitnessKey(reason=str(problem)) from problem
    if key.kind != note.COSIGNATURE:
        raise BadWitnessKey(reason="Ed25519")
    witness_id = db.statements(session).insert(
        "INSERT INTO transparency_witness (community_id, name, verifier_key, added_at)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (community_id, verifier_key) DO NOTHING",
        (actor.community_id, key.name, str(key), clock.micros(clock.now())),
    )
    if witness_id is None:
        raise BadWitnessKey(reason=key.name)
    _tell(session, actor, witnesses_needed(session, actor.community_id))
    return witness_id


def set_quorum(session: Session, actor: Actor, needed: int) -> None:
    """Say how many witnesses a checkpoint needs to count; the log itself tells it.

    Raises: NotEnoughWitnesses.
    """
    count = len(witnesses_of(session, actor.community_id))
    if not 0 <= needed <= count:
        raise NotEnoughWitnesses(count=count)
    db.statements(session).run(
        "INSERT INTO transparency_witness_quorum (community_id, needed, set_at) VALUES (?, ?, ?)",
        (actor.community_id, needed, clock.micros(clock.now())),
    )
    _tell(session, actor, needed)


def keep_cosignature(session: Session, actor: Actor, cosigned: bytes) -> int:
    """Keep what witnesses added to one of our checkpoints; gives how many signatures were new.

    Whoever brings it: the signatures alone are believed.
    Raises: NotOurCheckpoint, BadCosignature when no known witness signed, or one did not.
    """
    try:
        read = note.read_note(cosigned)
        said = note.read_checkpoint(read.text)
    except note.BadNote as problem:
        raise NotOurCheckpoint from problem
    ours = find_checkpoint(session, actor.community_id, said.size)
    if ours is None or note.read_note(ours.note).text != read.text:
        raise NotOurCheckpoint
    known = {
        (key.name, key.key_id): (witness.id, key)
        for witness in witnesses_of(session, actor.community_id)
        for key in [note.read_key(witness.verifier_key)]
    }
    at, kept, seen = db.statements(session), 0, 0
    for line in read.signatures:
        witness_id, key = known.get((line.name, line.key_id), (0, None))
        if key is None:
            continue
        if len(line.signature) != 72 or not is_signed(
            key.public_key,
            note.cosigned_bytes(read.text, note.cosigned_at(line)),
            line.signature[8:],
        ):
            raise BadCosignature(name=line.name)
        seen += 1
        kept += at.run(
            "INSERT INTO transparency_cosignature (community_id, checkpoint_id, witness_id,"
            " signature, cosigned_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (community_id, checkpoint_id, witness_id) DO NOTHING",
            (
                actor.community_id,
                ours.id,
                witness_id,
                line.signature,
                note.cosigned_at(line) * 1_000_000,
            ),
        )
    if seen == 0:
        raise BadCosignature(name="—")
    return kept


def _tell(session: Session, actor: Actor, needed: int) -> None:
    keys = [each.verifier_key for each in witnesses_of(session, actor.community_id)]
    fields = {"needed": needed, "witnesses": keys}
    publish(session, actor.community_id, QUORUM_KIND, fields)
