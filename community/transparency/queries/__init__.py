"""Reading the public log: plain frozen values."""

from community.transparency.queries.records import RecordView, find_record, get_record

__all__ = ["RecordView", "find_record", "get_record"]
