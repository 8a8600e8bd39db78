"""Reading the public log: plain frozen values."""

from community.transparency.queries.checkpoints import (
    Checkpoint,
    Proof,
    checkpoints,
    find_checkpoint,
    latest_checkpoint,
    proof_of,
)
from community.transparency.queries.records import (
    RecordView,
    find_hidden,
    find_record,
    get_record,
    records_of,
)

__all__ = [
    "Checkpoint",
    "Proof",
    "RecordView",
    "checkpoints",
    "find_checkpoint",
    "find_hidden",
    "find_record",
    "get_record",
    "latest_checkpoint",
    "proof_of",
    "records_of",
]
