"""The public log: publish a record, seal, sign a checkpoint, prove; it knows no record's meaning.

Rooms above call `publish` inside their own commands; `hide` first what is personal. One log per
community (RFC 6962), served as C2SP tiles, so that anyone can mirror and check it.
"""

from community.transparency import models as _models  # noqa: F401  its tables join the metadata
from community.transparency.errors import (
    LogDamaged,
    LogKeyMissing,
    NothingPublished,
    RecordTooLong,
    RecordUnclear,
    UnknownRecord,
)
from community.transparency.queries import (
    Checkpoint,
    PackFile,
    Proof,
    RecordView,
    add_pack_source,
    checkpoint_since,
    checkpoints,
    find_checkpoint,
    find_hidden,
    find_record,
    find_records,
    get_record,
    latest_checkpoint,
    next_checkpoint,
    pack_bytes,
    proof_of,
    records_of,
)
from community.transparency.rules.ballots import write_ballot_receipt
from community.transparency.rules.bid_receipts import write_bid_receipt
from community.transparency.rules.kinds import name_kinds
from community.transparency.rules.paper import write_paper
from community.transparency.service import (
    PrivateReceipt,
    SaltedCommitment,
    attach,
    checkpoint_now,
    close_private_tree,
    commit_privately,
    forget,
    hide,
    hide_bytes,
    keep_commitment,
    open_private_tree,
    publish,
    publish_bytes,
    salt_commitment,
    seal_community,
    sign_commitment,
)

__all__ = [
    "Checkpoint",
    "LogDamaged",
    "LogKeyMissing",
    "NothingPublished",
    "PackFile",
    "PrivateReceipt",
    "Proof",
    "RecordTooLong",
    "RecordUnclear",
    "RecordView",
    "SaltedCommitment",
    "UnknownRecord",
    "add_pack_source",
    "attach",
    "checkpoint_now",
    "checkpoint_since",
    "checkpoints",
    "close_private_tree",
    "commit_privately",
    "find_checkpoint",
    "find_hidden",
    "find_record",
    "find_records",
    "forget",
    "get_record",
    "hide",
    "hide_bytes",
    "keep_commitment",
    "latest_checkpoint",
    "name_kinds",
    "next_checkpoint",
    "open_private_tree",
    "pack_bytes",
    "proof_of",
    "publish",
    "publish_bytes",
    "records_of",
    "salt_commitment",
    "seal_community",
    "sign_commitment",
    "write_ballot_receipt",
    "write_bid_receipt",
    "write_paper",
]
