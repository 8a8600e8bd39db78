"""The tables of the public log, split by business word."""

from community.transparency.models.private import PrivateCommitment, PrivateRoot, PrivateTree
from community.transparency.models.records import Record, Salt
from community.transparency.models.tree import Checkpoint, Leaf, Log, LogKey, Tile
from community.transparency.models.witnesses import (
    Cosignature,
    Witness,
    WitnessedCheckpoint,
    WitnessedLog,
    WitnessQuorum,
)

__all__ = [
    "Checkpoint",
    "Cosignature",
    "Leaf",
    "Log",
    "LogKey",
    "PrivateCommitment",
    "PrivateRoot",
    "PrivateTree",
    "Record",
    "Salt",
    "Tile",
    "Witness",
    "WitnessQuorum",
    "WitnessedCheckpoint",
    "WitnessedLog",
]
