"""Receipts of what was committed in silence: a ballot or a bid, and the list it must stand in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from community.transparency.rules.audit.findings import Findings
from community.transparency.rules.ballots import (
    check_ballot_receipt,
    is_ballot_receipt,
    is_listed,
    read_ballot_receipt,
)
from community.transparency.rules.bid_receipts import (
    check_bid_receipt,
    is_bid_listed,
    is_of_envelope,
    read_bid_receipt,
)
from community.transparency.rules.note import BadNote, VerifierKey


def check_committed(
    content: bytes,
    keys: Sequence[VerifierKey],
    told: dict[str, Any] | None,
    handed_in: bytes | None,
    findings: Findings,
) -> str:
    """Verify a voter's or bidder's receipt; gives what it is of, in a line."""
    try:
        if is_ballot_receipt(content):
            return _check_ballot(content, keys, told, findings)
        return _check_bid(content, keys, told, handed_in, findings)
    except BadNote as problem:
        findings.add("receipt", f"凭证不成立：{problem}", f"the receipt does not hold: {problem}")
        return ""


def _check_ballot(
    content: bytes, keys: Sequence[VerifierKey], told: dict[str, Any] | None, findings: Findings
) -> str:
    ballot = check_ballot_receipt(read_ballot_receipt(content), keys)
    if told is not None and not is_listed(ballot, told):
        findings.add(
            "list",
            "公布的选票清单里没有这张票，或者内容被改过",
            "the published list lacks this ballot, or it was changed",
        )
    return f"选票 / ballot {json.dumps(ballot, ensure_ascii=False, sort_keys=True)}"


def _check_bid(
    content: bytes,
    keys: Sequence[VerifierKey],
    told: dict[str, Any] | None,
    handed_in: bytes | None,
    findings: Findings,
) -> str:
    receipt = read_bid_receipt(content)
    tender_id = check_bid_receipt(receipt, keys)
    if handed_in is not None and not is_of_envelope(receipt, handed_in):
        findings.add("envelope", "回执不是这个投标文件的", "the receipt is of another envelope")
    if told is not None and not is_bid_listed(receipt, tender_id, told):
        findings.add(
            "list",
            "公布的开标清单里没有这份投标，或者内容被改过",
            "the published list lacks this bid, or it was changed",
        )
    return f"招标 / tender {tender_id}: {receipt.commitment.hex()}"
