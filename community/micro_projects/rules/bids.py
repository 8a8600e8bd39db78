"""A bid as it goes into its envelope: price, plan and files in one canonical JSON."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from community.kernel.errors import N_

FORMAT = "community-bid/v1"
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
    """What lay in an envelope is no bid for this tender by this bidder."""


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


def write_bid(tender_id: int, organization_id: int, bid: BidContent) -> bytes:
    """Write a bid as the exact bytes that are sealed; it names its tender and its bidder."""
    told = {
        "bidder": organization_id,
        "files": [
            {"base64": base64.b64encode(each.content).decode(), "name": each.name}
            for each in bid.files
        ],
        "format": FORMAT,
        "price_fen": bid.price_fen,
        "proposal": bid.proposal,
        "tender": tender_id,
    }
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def read_bid(content: bytes, tender_id: int, organization_id: int) -> BidContent:
    """Read an opened envelope.

    Raises:
        BidUnreadableError: it is no bid, or one for another tender or by another bidder.
    """
    if len(content) > MOST_CONTENT_BYTES:
        raise BidUnreadableError("too long")
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise BidUnreadableError("no JSON") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BidUnreadableError("no bid")
    if told.get("tender") != tender_id or told.get("bidder") != organization_id:
        raise BidUnreadableError("another tender or bidder")
    price, proposal, files = told.get("price_fen"), told.get("proposal"), told.get("files")
    if type(price) is not int or not 0 < price <= MOST_PRICE_FEN:
        raise BidUnreadableError("no price")
    if not isinstance(proposal, str) or len(proposal) > LONGEST_PROPOSAL:
        raise BidUnreadableError("no plan")
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise BidUnreadableError("no list of files")
    # A lone half of a character can be in JSON, and in no database.
    clean = proposal.encode(errors="replace").decode().replace("\x00", "")
    return BidContent(price, clean, tuple(_read_file(each) for each in files))


def _read_file(told: Any) -> BidFile:
    if not isinstance(told, dict):
        raise BidUnreadableError("no file")
    name, encoded = told.get("name"), told.get("base64")
    if not isinstance(name, str) or not isinstance(encoded, str) or not name:
        raise BidUnreadableError("no file")
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BidUnreadableError("a file is not base64") from None
    return BidFile(name[:120], content)
