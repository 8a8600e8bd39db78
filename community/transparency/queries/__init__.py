"""Reading the public log: plain frozen values."""

from community.transparency.queries.checkpoints import (
    Checkpoint,
    Proof,
    checkpoint_since,
    checkpoints,
    find_checkpoint,
    latest_checkpoint,
    next_checkpoint,
    proof_of,
    verifier_keys,
)
from community.transparency.queries.packing import (
    PackFile,
    add_pack_source,
    pack_bytes,
)
from community.transparency.queries.records import (
    RecordView,
    find_hidden,
    find_record,
    find_records,
    get_record,
    kinds_of,
    list_records,
    records_of,
)
from community.transparency.queries.tree import find_tile
from community.transparency.queries.waiting import community_id_of, count_waiting
from community.transparency.queries.witnesses import (
    WitnessedView,
    WitnessView,
    witnessed_logs,
    witnesses_needed,
    witnesses_of,
)

__all__ = [
    "Checkpoint",
    "PackFile",
    "Proof",
    "RecordView",
    "WitnessView",
    "WitnessedView",
    "add_pack_source",
    "checkpoint_since",
    "checkpoints",
    "community_id_of",
    "count_waiting",
    "find_checkpoint",
    "find_hidden",
    "find_record",
    "find_records",
    "find_tile",
    "get_record",
    "kinds_of",
    "latest_checkpoint",
    "list_records",
    "next_checkpoint",
    "pack_bytes",
    "proof_of",
    "records_of",
    "verifier_keys",
    "witnessed_logs",
    "witnesses_needed",
    "witnesses_of",
]
