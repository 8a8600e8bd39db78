"""Reading boxes, keys and contents, split by business word."""

from community.sealing.queries.boxes import (
    BoxView,
    EnvelopeTrace,
    OpenerView,
    Progress,
    ciphertexts,
    commitments,
    find_box,
    find_envelope,
    get_box,
    opening_progress,
    trace_of,
)
from community.sealing.queries.contents import (
    Opened,
    content_of,
    contents,
    each_content,
    handed_in,
    headers_of,
    own_content,
)
from community.sealing.queries.keys import (
    KeyView,
    boxes_waiting_for,
    find_opener_key,
    opener_key_history,
    opener_keys,
)

__all__ = [
    "BoxView",
    "EnvelopeTrace",
    "KeyView",
    "Opened",
    "OpenerView",
    "Progress",
    "boxes_waiting_for",
    "ciphertexts",
    "commitments",
    "content_of",
    "contents",
    "each_content",
    "find_box",
    "find_envelope",
    "find_opener_key",
    "get_box",
    "handed_in",
    "headers_of",
    "opener_key_history",
    "opener_keys",
    "opening_progress",
    "own_content",
    "trace_of",
]
