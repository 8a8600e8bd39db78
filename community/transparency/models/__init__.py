"""The tables of the public log, split by business word."""

from community.transparency.models.records import Record, Salt
from community.transparency.models.tree import Checkpoint, Leaf, Log, LogKey, Tile

__all__ = ["Checkpoint", "Leaf", "Log", "LogKey", "Record", "Salt", "Tile"]
