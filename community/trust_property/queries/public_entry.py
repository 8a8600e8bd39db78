"""One entry of the public accounts, as the log tells it, with its request, keys and vouchers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger, transparency
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.trust_property.models import Payment, SpendingRequest
from community.trust_property.queries.entry_words import (
    account_names,
    receipt_number,
    words_of_entries,
)
from community.trust_property.queries.fund import FundView, get_fund
from community.trust_property.queries.matters import get_matter
from community.trust_property.queries.spending import (
    PaymentView,
    RequestPaperView,
    RequestView,
    get_request,
    payments_of,
    request_papers,
)
from community.trust_property.rules.corrections import corrected_by
from community.trust_property.rules.titles import Words, words_of

RECORD = "ledger.transaction"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What an entry did to an account; debits positive, `set_aside_fen` what it holds or frees."""

    path: str
    words: Words
    posted_fen: int
    set_aside_fen: int


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """The spending request behind an entry: who asked is not named, how many approved is told."""

    request: RequestView
    approvals: int
    keys_needed: int
    papers: tuple[RequestPaperView, ...]
    payments: tuple[PaymentView, ...]


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """An entry as anybody may see it; `record_id` is its record in the public log."""

    fund: FundView
    transaction_id: int
    effective_on: date
    recorded_at: datetime
    purpose: str
    act: str
    reverses: int | None
    corrects: int | None
    number: str
    words: str
    lines: tuple[EntryLine, ...]
    record_id: int
    is_sealed: bool
    request: EntryRequest | None
    vouchers: tuple[ledger.VoucherView, ...]

    @property
    def amount_fen(self) -> int:
        """Tell how much it moved or set aside."""
        posted = sum(each.posted_fen for each in self.lines if each.posted_fen > 0)
        return posted or sum(each.set_aside_fen for each in self.lines if each.set_aside_fen > 0)


def get_public_entry(
    session: Session, actor: Actor, fund_id: int, transaction_id: int
) -> PublicEntry:
    """Get an entry of a fund's books as the public log tells it.

    Raises: FundNotFound, NotFound.
    """
    fund = get_fund(session, actor, fund_id)
    record = transparency.find_record(session, actor.community_id, RECORD, transaction_id)
    if record is None or record.fields["book"] not in (fund.book_id, fund.reserve_book_id):
        raise NotFound
    said = record.fields
    paths = ledger.public_account_paths(session, actor.community_id, said["book"])
    names = account_names(session, actor, fund_id)
    return PublicEntry(
        fund,
        transaction_id,
        date.fromisoformat(said["effective_on"]),
        clock.from_micros(said["recorded_at"]),
        said["purpose"],
        said["act"],
        said["reverses"],
        corrected_by(said["source"]),
        receipt_number(said["source"]),
        words_of_entries(session, actor, fund_id, (transaction_id,)).get(transaction_id, ""),
        tuple(
            EntryLine(paths[key][0], words_of(paths[key][0], names), posted, pending)
            for key, posted, pending in said["lines"]
        ),
        record.id,
        record.is_sealed,
        _request(session, actor, fund_id, transaction_id),
        ledger.vouchers_of(session, actor.community_id, transaction_id),
    )


def public_voucher(
    session: Session, actor: Actor, fund_id: int, transaction_id: int, voucher_id: int
) -> files.FileView:
    """Get the redacted twin of a voucher of an entry; the original is not for everybody.

    Raises: FundNotFound, NotFound.
    """
    entry = get_public_entry(session, actor, fund_id, transaction_id)
    for each in entry.vouchers:
        if each.voucher_id == voucher_id and each.redacted_sha256 and not each.is_redacted:
            file_id = session.scalar(
                select(files.StoredFile.id)
                .where(
                    files.StoredFile.community_id == actor.community_id,
                    files.StoredFile.sha256 == each.redacted_sha256,
                )
                .limit(1)
            )
            if file_id is not None:
                return files.get_file(session, actor.community_id, file_id)
    raise NotFound


def _request(
    session: Session, actor: Actor, fund_id: int, transaction_id: int
) -> EntryRequest | None:
    request_id = session.scalar(
        select(SpendingRequest.id).where(
            SpendingRequest.community_id == actor.community_id,
            SpendingRequest.fund_id == fund_id,
            (SpendingRequest.transaction_id == transaction_id)
            | (SpendingRequest.hold_id == transaction_id)
            | SpendingRequest.id.in_(
                select(Payment.request_id).where(
                    Payment.community_id == actor.community_id,
                    Payment.transaction_id == transaction_id,
                )
            ),
        )
    )
    if request_id is None:
        return None
    found = get_request(session, actor, fund_id, request_id)
    matter = None
    if found.matter_id is not None:
        matter = get_matter(session, actor, fund_id, found.matter_id)
    return EntryRequest(
        found,
        len(matter.approver_ids) if matter else 0,
        matter.keys_needed if matter else 0,
        request_papers(session, actor, fund_id, request_id),
        payments_of(session, actor, fund_id, request_id),
    )
