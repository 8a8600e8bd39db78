"""What a voter takes home: signed when the ballot is committed, for then it is there for good."""

from __future__ import annotations

from dataclasses import dataclass

from community import transparency
from community.deliberation.rules.polls import Pairs
from community.deliberation.service.ballots import CastBallot
from community.kernel import db
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CastReceipt:
    """A ballot that was cast, and `note`: the log's signature over its commitment.

    Nothing keeps the note: it is signed anew, and the same, whenever the voter asks for it.
    """

    poll_id: int
    roll_entry_id: int
    pairs: Pairs
    reason: str
    tracker: str
    salt: str
    number: int
    note: str
    is_change: bool


def sign_receipt(actor: Actor, made: CastBallot) -> CastReceipt:
    """Sign for a ballot; while everybody votes nobody waits for this, so it is no command.

    Raises: LogKeyMissing.
    """
    if made.kept is not None and made.signer is not None:
        signed = transparency.sign_kept_commitment(
            actor.community_id, made.tree_id, made.kept, made.signer
        )
    else:
        with db.glance() as at:
            signed = transparency.sign_commitment(at, actor.community_id, made.tree_id, made.number)
    return CastReceipt(
        made.poll_id,
        made.roll_entry_id,
        made.pairs,
        made.reason,
        made.tracker,
        made.salt,
        made.number,
        signed.note.decode(),
        made.is_change,
    )
