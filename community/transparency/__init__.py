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
    checkpoints,
    find_checkpoint,
    find_hidden,
    find_record,
    get_record,
    latest_checkpoint,
    pack_bytes,
    proof_of,
    records_of,
)
from community.transparency.rules.kinds import name_kinds
from community.transparency.service import (
    attach,
    checkpoint_now,
    forget,
    hide,
    hide_bytes,
    publish,
    publish_bytes,
    seal_community,
)

__all__ = [
    "Checkpoint",
    "LogDamaged",
    "LogKeyMissing",
    "NothingPublished",
    "PackFile",
    "Proof",
    "RecordTooLong",
    "RecordUnclear",
    "RecordView",
    "UnknownRecord",
    "add_pack_source",
    "attach",
    "checkpoint_now",
    "checkpoints",
    "find_checkpoint",
    "find_hidden",
    "find_record",
    "forget",
    "get_record",
    "hide",
    "hide_bytes",
    "latest_checkpoint",
    "name_kinds",
    "pack_bytes",
    "proof_of",
    "publish",
    "publish_bytes",
    "records_of",
    "seal_community",
]
