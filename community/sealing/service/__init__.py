"""The commands of sealing, split by business word."""

from community.sealing.service.boxes import (
    BoxTerms,
    Frozen,
    discard_box,
    extend_box,
    freeze_box,
    open_box,
    unseal_box,
)
from community.sealing.service.envelopes import (
    EnvelopeReceipt,
    put_envelope,
    withdraw_envelope,
)
from community.sealing.service.keys import register_key
from community.sealing.service.opening import GivenShare, give_shares, open_yourself
from community.sealing.service.personal_data import erase_person, export_person, merge_person

__all__ = [
    "BoxTerms",
    "EnvelopeReceipt",
    "Frozen",
    "GivenShare",
    "discard_box",
    "erase_person",
    "export_person",
    "extend_box",
    "freeze_box",
    "give_shares",
    "merge_person",
    "open_box",
    "open_yourself",
    "put_envelope",
    "register_key",
    "unseal_box",
    "withdraw_envelope",
]
