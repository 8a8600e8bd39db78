"""The shapes of opening day, and of what is held for others."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from community.kernel import files
from community.kernel.errors import N_
from community.kernel.sheets import UnreadableFile
from community.trust_property.importing.balances import bank_facts
from community.trust_property.importing.fee_columns import Role
from community.trust_property.importing.fee_ledger import LIMITS
from community.trust_property.importing.reading import read_statement
from community.trust_property.rules.bills import Channel
from community.trust_property.rules.held_money import MOST_FEN
from community.trust_property.rules.opening import OpeningItem, OpeningKind
from community.trust_property.schemas.bills import OfMonth
from community.trust_property.schemas.papers import WithPapers
from community.trust_property.service.money_ways import Way
from community.trust_property.service.opening_drafts import BankProof
from community.web.fields import ApiShape, OnDay, OneOf, Shape, Whole, Words, Yuan

MOST_BALANCE = 10**13
_LETTERS = files.IMAGES | {files.FileKind.PDF}


def take_in_proof(name: str, content: bytes, typed_fen: int | None) -> BankProof:
    """Take in the bank's paper: a statement is read, a letter's balance is what was typed.

    Raises: UnreadableFile, FileKindRefused, FileTooLarge.
    """
    upload = files.Upload(name, content)
    try:
        found = read_statement(content, name)
    except UnreadableFile:
        return BankProof(files.take_in(upload, _LETTERS), None, typed_fen)
    kinds = {"xlsx": files.FileKind.XLSX, "xls": files.FileKind.XLS}
    kind = kinds.get(found.encoding, files.FileKind.CSV)
    return BankProof(files.take_in(upload, known_as=kind), bank_facts(found))


def take_in_ledger(name: str, content: bytes) -> files.Ready:
    """Put an office's fee ledger on disk as it is.

    Raises: FileKindRefused, FileTooLarge, FileEmpty.
    """
    return files.take_in(files.Upload(name, content), files.SHEETS, most_bytes=LIMITS.file)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ValidationError(N_("文件内容要用 base64 编码。"), "content") from error


class DayFields(Schema):
    """The opening day."""

    opening_on = OnDay(required=True)


class DayForm(Shape, DayFields):
    """Begin an opening."""


class DayBody(ApiShape, DayFields):
    """Begin an opening, over the API."""


class LedgerBody(ApiShape):
    """A fee ledger as base64."""

    name = Words(required=True, longest=200)
    content = fields.String(required=True)

    @post_load
    def _ready(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"ready": take_in_ledger(given["name"], _decoded(given["content"]))}


class AnswerFields(Schema):
    """What a ledger's months mean."""

    year = Whole(minimum=1990, maximum=2100, load_default=0)
    meaning = Words(
        longest=10, load_default="", validate=validate.OneOf(["", Role.OWED, Role.DUE, Role.PAID])
    )
    older_month = OfMonth(load_default="")

    @post_load
    def _numbered(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        month = given["older_month"].replace("-", "")
        return {**given, "older_month": int(month) if month else 0}


class AnswerForm(Shape, AnswerFields):
    """Answer what a ledger leaves open."""


class LedgerAnswerBody(ApiShape, AnswerFields):
    """Answer what a ledger leaves open, over the API."""


class WriteFields(Schema):
    """How many rows the user agreed to leave out."""

    left_out = Whole(minimum=0, maximum=100_000, load_default=0)


class WriteForm(Shape, WriteFields):
    """Write the ledger into the draft."""


class WriteBody(ApiShape, WriteFields):
    """Write the ledger into the draft, over the API."""


class ItemFields(Schema):
    """An item of the opening."""

    kind = OneOf(OpeningKind, required=True)
    unit_id = Whole(minimum=1, load_default=None, allow_none=True)
    month = OfMonth(load_default="")
    label = Words(longest=60, load_default="")
    payee_id = Whole(minimum=1, load_default=None, allow_none=True)

    @post_load
    def _item(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        month = given["month"].replace("-", "")
        return {"item": OpeningItem(**{**given, "month": int(month) if month else None})}


class ItemForm(Shape, ItemFields):
    """Add an item by hand."""

    amount_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)


class ItemBody(ApiShape, ItemFields):
    """Add an item by hand, over the API."""

    amount_fen = Whole(required=True, minimum=1, maximum=MOST_FEN)


class BalanceForm(Shape):
    """The office's balance of a bank account, and the one of a bank's letter."""

    book_fen = Yuan(required=True, minimum=0, maximum=MOST_BALANCE)
    letter_fen = Yuan(minimum=0, maximum=MOST_BALANCE, load_default=None, allow_none=True)


class BankBalanceBody(ApiShape):
    """A bank account's balances and the bank's paper as base64."""

    book_fen = Whole(required=True, maximum=MOST_BALANCE)
    letter_fen = Whole(maximum=MOST_BALANCE, load_default=None, allow_none=True)
    name = Words(load_default="", longest=200)
    content = fields.String(load_default="")

    @post_load
    def _proof(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        proof = None
        if given["content"]:
            content = _decoded(given["content"])
            proof = take_in_proof(given["name"], content, given["letter_fen"])
        return {"book_fen": given["book_fen"], "proof": proof}


class _WayFields(Schema):
    """How money moved."""

    channel = OneOf(Channel, required=True)
    bank_account_id = Whole(minimum=1, load_default=None, allow_none=True)
    on = OnDay(required=True)

    @post_load
    def _way(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        way = Way(given.pop("channel"), given.pop("on"), given.pop("bank_account_id"))
        return {**given, "way": way}


class WayForm(Shape, _WayFields):
    """How a deposit is given back."""


class WayBody(ApiShape, _WayFields):
    """How a deposit is given back, over the API."""


class DepositFields(_WayFields):
    """A deposit and how it came."""

    unit_id = Whole(required=True, minimum=1)
    label = Words(required=True, longest=60)
    payer = Words(longest=60, load_default="")


class DepositForm(Shape, DepositFields):
    """Take a deposit."""

    amount_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)


class DepositBody(ApiShape, DepositFields):
    """Take a deposit, over the API."""

    amount_fen = Whole(required=True, minimum=1, maximum=MOST_FEN)


class ForfeitForm(Shape):
    """Why a deposit is to be kept."""

    reason = Words(required=True, longest=200)


class ForfeitBody(ApiShape, WithPapers):
    """Why a deposit is to be kept, over the API."""

    reason = Words(required=True, longest=200)


class AgencyFields(Schema):
    """What is collected for somebody else."""

    name = Words(required=True, longest=60)


class AgencyForm(Shape, AgencyFields):
    """Begin a collection."""


class AgencyBody(ApiShape, AgencyFields):
    """Begin a collection, over the API."""


class MoveFields(_WayFields):
    """An amount collected or passed on."""

    words = Words(longest=120, load_default="")


class MoveForm(Shape, MoveFields):
    """Collect or pass on."""

    amount_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)


class MoveBody(ApiShape, MoveFields):
    """Collect or pass on, over the API."""

    amount_fen = Whole(required=True, minimum=1, maximum=MOST_FEN)


class CountFields(Schema):
    """What lies in the cash box."""

    reason = Words(longest=200, load_default="")


class CountForm(Shape, CountFields):
    """Count the box."""

    counted_fen = Yuan(required=True, minimum=0, maximum=MOST_FEN)


class CountBody(ApiShape, CountFields):
    """Count the box, over the API."""

    counted_fen = Whole(required=True, minimum=0, maximum=MOST_FEN)


class BankCashFields(Schema):
    """Cash paid into a bank account."""

    bank_account_id = Whole(required=True, minimum=1)
    on = OnDay(required=True)


class BankCashForm(Shape, BankCashFields):
    """Pay cash in."""

    amount_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)


class BankCashBody(ApiShape, BankCashFields):
    """Pay cash in, over the API."""

    amount_fen = Whole(required=True, minimum=1, maximum=MOST_FEN)
