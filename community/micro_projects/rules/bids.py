"""A bid as it goes into its envelope: price, plan and files in one canonical JSON."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from community.kernel.errors import N_

LONGEST_PROPOSAL = 10_000
MOST_FILES = 10
MOST_PRICE_FEN = 10**12
# Files, their base64 and the envelope around them.
MOST_FILE_BYTES = 5 * (1 << 20)
MOST_CONTENT_BYTES = 8 * (1 << 20)


class BidState(StrEnum):
    """What a bid counts as; the words are those of OCDS's closed list."""

    INVITED = "invited"
    PENDING = "pending"
    VALID = "valid"
    DISQUALIFIED = "disqualified"
    WITHDRAWN = "withdrawn"


BID_TITLES = {
    BidState.INVITED: N_("已邀请"),
    BidState.PENDING: N_("已递交"),
    BidState.VALID: N_("有效"),
    BidState.DISQUALIFIED: N_("无效"),
    BidState.WITHDRAWN: N_("已撤回"),
}


class BidAct(StrEnum):
    """What happened to a bid before the deadline."""

    PUT = "put"
    REPLACED = "replaced"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


def owner_of(organization_id: int) -> str:
    """Name an organization to the room of sealed boxes."""
    return f"organization:{organization_id}"


class BidUnreadableError(ValueError):
    """What lay in an envelope is no bid."""


@dataclass(frozen=True, slots=True)
class BidFile:
    """One file of a bid."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class BidContent:
    """What a bidder offers; the price in fen."""

    price_fen: int
    proposal: str
    files: tuple[BidFile, ...] = ()


def write_bid(bid: BidContent) -> bytes:
    """Write a bid as the exact bytes that are sealed, as a bidder's browser writes them too.

    Whose it is and for which tender is not in it: the envelope is bound to both.
    """
    told = {
        "files": [
            {"content": base64.b64encode(each.content).decode(), "name": each.name}
            for each in bid.files
        ],
        "price_fen": bid.price_fen,
        "proposal": bid.proposal,
    }
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def read_bid(content: bytes) -> BidContent:
    """Read an opened envelope.

    Raises:
        BidUnreadableError: it is no bid.
    """
    if len(content) > MOST_CONTENT_BYTES:
        raise BidUnreadableError("too long")
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise BidUnreadableError("no JSON") from None
    if not isinstance(told, dict):
        raise BidUnreadableError("no bid")
    price, proposal, files = told.get("price_fen"), told.get("proposal"), told.get("files", [])
    if type(price) is not int or not 0 < price <= MOST_PRICE_FEN:
        raise BidUnreadableError("no price")
    if not isinstance(proposal, str) or len(proposal) > LONGEST_PROPOSAL:
        raise BidUnreadableError("no plan")
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise BidUnreadableError("no list of files")
    return BidContent(price, clean(proposal), tuple(_read_file(each) for each in files))


def clean(text: str) -> str:
    """Leave out what no database holds: a lone half of a character, and nothing's character."""
    return text.encode(errors="replace").decode().replace("\x00", "")


def _read_file(told: Any) -> BidFile:
    if not isinstance(told, dict):
        raise BidUnreadableError("no file")
    name, encoded = told.get("name"), told.get("content")
    if not isinstance(name, str) or not isinstance(encoded, str) or not name:
        raise BidUnreadableError("no file")
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BidUnreadableError("a file is not base64") from None
    return BidFile(clean(name)[:120], content)
