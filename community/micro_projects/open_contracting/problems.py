"""What can be wrong with published data: a code for programs, a place, a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """The kinds of mistakes."""

    UNREADABLE = "unreadable"
    SCHEMA = "schema"
    UNKNOWN_KEY = "unknown_key"
    UNKNOWN_CODE = "unknown_code"
    CURRENCY = "currency"
    AMOUNT = "amount"
    REPEATED_ID = "repeated_id"
    MISSING_ID = "missing_id"
    DANGLING_ID = "dangling_id"
    MISSING_ROLE = "missing_role"
    EMPTIED = "emptied"
    FOREIGN_OCID = "foreign_ocid"
    ORDER = "order"
    EARLY_BID = "early_bid"
    TENDERER_COUNT = "tenderer_count"
    BID_OUTSIDE_PERIOD = "bid_outside_period"
    AWARD_WITHOUT_VALID_BID = "award_without_valid_bid"
    AWARD_BEFORE_OPENING = "award_before_opening"
    TWO_AWARDS = "two_awards"
    CONTRACT_WITHOUT_AWARD = "contract_without_award"
    CONTRACT_ABOVE_AWARD = "contract_above_award"
    TWO_CONTRACTS = "two_contracts"
    SIGNED_BEFORE_AWARD = "signed_before_award"
    INSTALMENTS = "instalments"
    OVERPAID = "overpaid"
    PAID_UNMET = "paid_unmet"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake and where it is."""

    kind: Wrong
    ocid: str
    place: str
    sentence: str
