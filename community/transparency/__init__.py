"""The public log: publish a record, seal, sign a checkpoint, prove; it knows no record's meaning.

Rooms above call `publish` inside their own commands; `hide` first what is personal. One log per
community (RFC 6962), served as C2SP tiles, so that anyone can mirror and check it.
"""

from community.transparency import models as _models  # noqa: F401  its tables join the metadata
from community.transparency.errors import (
    LogDamaged,
    RecordTooLong,
    RecordUnclear,
    UnknownRecord,
)
from community.transparency.queries import RecordView, find_record, get_record
from community.transparency.service import forget, hide, publish, publish_bytes

__all__ = [
    "LogDamaged",
    "RecordTooLong",
    "RecordUnclear",
    "RecordView",
    "UnknownRecord",
    "find_record",
    "forget",
    "get_record",
    "hide",
    "publish",
    "publish_bytes",
]
