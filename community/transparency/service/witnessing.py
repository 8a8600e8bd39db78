"""Being a witness: fetch others' checkpoints, see that they continue, cosign, and send it back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from community.kernel import clock, db, keys
from community.kernel.actor import Actor
from community.transparency.errors import BadWitnessKey, WitnessedShrinks
from community.transparency.queries.place import place
from community.transparency.queries.witnesses import WitnessedView, witnessed_logs
from community.transparency.rules import note
from community.transparency.rules.audit.findings import CannotTell
from community.transparency.rules.audit.witness import (
    fetch,
    fetch_consistency,
    send_cosignature,
)
from community.transparency.rules.merkle import BadProof
from community.transparency.service.signing import public_bytes

KEY_FILE = "witness"


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What became of one log: its size, and why it was not cosigned or not delivered, if so."""

    origin: str
    size: int
    problem: str = ""
    is_fork: bool = False


def witness_key() -> note.VerifierKey:
    """Give the key with which this installation cosigns, made when there is none yet."""
    key = keys.ensure_key(place().instance, KEY_FILE)
    return note.make_key(f"{place().host}/witness", public_bytes(key), note.COSIGNATURE)


def watch_log(session: Session, actor: Actor, address: str, verifier_key: str) -> int:
    """Begin to witness a log, by the address of its folder and its verifier key.

    For a log that is known already, address and key are replaced: after a rotation the operator
    of the witness enters the new key; what was seen before stays the anchor.
    Raises: BadWitnessKey.
    """
    try:
        key = note.read_key(verifier_key)
    except note.BadNote as problem:
        raise BadWitnessKey(reason=str(problem)) from problem
    if key.kind != note.ED25519 or not address.startswith(("https://", "http://")):
        raise BadWitnessKey(reason=address)
    at = db.statements(session)
    where = (address.rstrip("/"), str(key))
    at.run(
        "INSERT INTO transparency_witnessed_log (origin, address, verifier_key, added_at)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET address = ?, verifier_key = ?",
        (key.name, *where, clock.micros(clock.now()), *where),
    )
    row = at.one("SELECT id FROM transparency_witnessed_log WHERE origin = ?", (key.name,))
    assert row is not None
    return int(row[0])


def run_witness() -> tuple[Witnessed, ...]:
    """Visit every log that is witnessed; a task: it uses the network, and writes by commands."""
    with db.read() as session:
        logs = witnessed_logs(session)
    return tuple(_visit(each) for each in logs)


def _visit(log: WitnessedView) -> Witnessed:
    last = None if log.last_note is None else note.read_note(log.last_note)
    old = None if last is None else note.read_checkpoint(last.text)
    seen = 0 if old is None else old.size
    signed = b""
    try:
        signed = fetch(f"{log.address}/checkpoint")
        new, _ = note.open_checkpoint(signed, [note.read_key(log.verifier_key)])
        if new.origin != log.origin:
            return Witnessed(log.origin, seen, f"it calls itself {new.origin}")
        if old is not None:
            check_continues(log.address, old, new)
        if old is not None and new.size == old.size:
            cosigned = log.last_note or b""
        else:
            cosigned = _cosign(signed)
            db.write(keep_witnessed, Actor.system(0), log.id, new.size, cosigned)
        send_cosignature(log.address, cosigned)
    except CannotTell as problem:
        return Witnessed(log.origin, seen, str(problem))
    except (BadProof, WitnessedShrinks) as problem:
        db.write(keep_refused, Actor.system(0), log.id, signed)
        return Witnessed(log.origin, seen, str(problem), is_fork=True)
    except note.BadNote as problem:
        return Witnessed(log.origin, seen, str(problem))
    return Witnessed(log.origin, new.size)


def check_continues(address: str, old: note.Checkpoint, new: note.Checkpoint) -> None:
    """Refuse a checkpoint that does not continue what was cosigned.

    Raises: BadProof, CannotTell.
    """
    if new.size < old.size or (new.size == old.size and new.root != old.root):
        raise BadProof("it is shorter than, or differs from, what was cosigned")
    if new.size > old.size:
        fetch_consistency(address, old, new)


def _cosign(signed: bytes) -> bytes:
    """Add this installation's timestamped signature. Source: c2sp.org/tlog-cosignature."""
    read, named = note.read_note(signed), witness_key()
    at = clock.micros(clock.now()) // 1_000_000
    key = keys.ensure_key(place().instance, KEY_FILE)
    signature = at.to_bytes(8, "big") + key.sign(note.cosigned_bytes(read.text, at))
    line = note.Signature(named.name, named.key_id, signature)
    return note.write_note(read.text, [*read.signatures, line])


def keep_witnessed(session: Session, actor: Actor, log_id: int, size: int, cosigned: bytes) -> None:
    """Keep a cosigned checkpoint before anybody is told: a witness never forgets what it signed.

    Raises: WitnessedShrinks when a larger one was kept meanwhile.
    """
    at = db.statements(session)
    row = at.one(
        "SELECT MAX(size) FROM transparency_witnessed_checkpoint WHERE log_id = ?", (log_id,)
    )
    if row is not None and row[0] is not None and row[0] >= size:
        raise WitnessedShrinks
    at.run(
        "INSERT INTO transparency_witnessed_checkpoint (log_id, size, note, cosigned_at)"
        " VALUES (?, ?, ?, ?)",
        (log_id, size, cosigned, clock.micros(clock.now())),
    )


def keep_refused(session: Session, actor: Actor, log_id: int, signed: bytes) -> None:
    """Keep as evidence what a log signed although it does not continue."""
    db.statements(session).run(
        "UPDATE transparency_witnessed_log SET refused_note = ?, refused_at = ? WHERE id = ?",
        (signed, clock.micros(clock.now()), log_id),
    )
