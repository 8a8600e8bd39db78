"""Which units a bank line names, and what they owe: by place, by owner, by who paid before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.importing.fee_units import UnitFinder
from community.trust_property.models import Bill, FundUnit, Receipt, ReceiptPart
from community.trust_property.queries.fee_ledger import known_units
from community.trust_property.rules import bill_matching as rules
from community.trust_property.rules.bank import Candidate, Wanted
from community.trust_property.rules.bill_matching import OwedBill
from community.trust_property.rules.match_sources import Offer

# More units than this are no hint: a name many people bear, or a word everybody writes.
MOST_UNITS = 6
MOST_SAME_SUM = 20


def bill_offers(
    session: Session, actor: Actor, fund_id: int, wanted: tuple[Wanted, ...]
) -> tuple[Offer, ...]:
    """Offer what bank lines may pay: open bills of units they name, bills of exactly their sum.

    A unit that a line names is offered too, for a sum that is not its bills'.
    """
    named = _named_units(session, actor, fund_id, wanted)
    every = {unit for units in named for unit in units}
    names = identity.unit_names(session, actor.community_id, every)
    of_units = _by_unit(session, actor, fund_id, every)
    sums = {each.amount_fen for each in wanted if each.amount_fen > 0}
    same = _owed(session, actor, fund_id, (Bill.amount_fen - Bill.paid_fen).in_(sums))
    offers = []
    for line, units in zip(wanted, named, strict=True):
        if line.amount_fen <= 0:
            offers.append(Offer())  # Money that left pays no bill.
            continue
        bills = [bill for unit in units for bill in of_units.get(unit, ())]
        others = [
            bill for bill in same if bill.open_fen == line.amount_fen and bill.unit_id not in units
        ]
        shown = [bill.as_candidate() for bill in (*bills, *others[:MOST_SAME_SUM])]
        whole = rules.offer_units(line, [(unit, names[unit]) for unit in units])
        guesses = (*rules.offer_bills(line, bills, others), *whole.guesses)
        offers.append(Offer(guesses, (*shown, *whole.candidates)))
    return tuple(offers)


def find_bills(
    session: Session, actor: Actor, fund_id: int, ids: tuple[int, ...], amount_fen: int
) -> tuple[Candidate, ...]:
    """Find open bills by their ids, whatever the sum."""
    found = _owed(session, actor, fund_id, Bill.id.in_(ids))
    return tuple(bill.as_candidate() for bill in found) if amount_fen > 0 else ()


def find_units(
    session: Session, actor: Actor, fund_id: int, ids: tuple[int, ...], amount_fen: int
) -> tuple[Candidate, ...]:
    """Find the one unit that the whole sum is for; a sum is not parted by guessing."""
    known = session.scalar(
        select(FundUnit.unit_id).where(
            FundUnit.community_id == actor.community_id,
            FundUnit.fund_id == fund_id,
            FundUnit.unit_id.in_(ids),
        )
    )
    if known is None or len(ids) != 1 or amount_fen <= 0:
        return ()
    name = identity.unit_names(session, actor.community_id, ids)[known]
    return (Candidate(rules.UNIT, known, clock.today(), amount_fen, name),)


def owed_bills(
    session: Session, actor: Actor, fund_id: int, ids: Sequence[int]
) -> tuple[OwedBill, ...]:
    """List open bills by their ids, the oldest month first."""
    return _owed(session, actor, fund_id, Bill.id.in_(ids))


def _named_units(
    session: Session, actor: Actor, fund_id: int, wanted: Sequence[Wanted]
) -> list[list[int]]:
    """Tell the units each line names; none where it would name too many."""
    finder = UnitFinder(known_units(session, actor, fund_id))
    owners = _owners(session, actor, fund_id)
    before = _paid_before(session, actor, fund_id, {each.party for each in wanted})
    found = []
    for line in wanted:
        units = [finder.find("", "", place) for place in rules.places_in(line.words)]
        placed = list(dict.fromkeys(unit for unit in units if isinstance(unit, int)))
        # A place says which of an owner's units is meant, so it goes over names.
        by_name = [unit for name, unit in owners if rules.is_named(name, line.words)]
        chosen = placed or list(dict.fromkeys((*by_name, *before.get(line.party, ()))))
        found.append(chosen if len(chosen) <= MOST_UNITS else [])
    return found


def _owners(session: Session, actor: Actor, fund_id: int) -> list[tuple[str, int]]:
    shares = identity.owners(session, actor.community_id, clock.today())
    in_fund = set(
        session.scalars(
            select(FundUnit.unit_id).where(
                FundUnit.community_id == actor.community_id, FundUnit.fund_id == fund_id
            )
        )
    )
    people = identity.people(
        session, actor.community_id, [each.person_id for each in shares if each.person_id]
    )
    return [
        (people[each.person_id].name, each.unit_id)
        for each in shares
        if each.person_id in people and each.unit_id in in_fund
    ]


def _paid_before(
    session: Session, actor: Actor, fund_id: int, parties: Iterable[str]
) -> dict[str, list[int]]:
    """Tell for which units somebody of that name has paid: a tenant, a daughter."""
    names = [name for name in parties if name]
    rows = session.execute(
        select(Receipt.payer, ReceiptPart.unit_id)
        .join(
            ReceiptPart,
            (ReceiptPart.community_id == Receipt.community_id)
            & (ReceiptPart.receipt_id == Receipt.id),
        )
        .where(
            Receipt.community_id == actor.community_id,
            Receipt.fund_id == fund_id,
            Receipt.payer.in_(names),
            Receipt.voided_at.is_(None),
        )
        .distinct()
    )
    found: dict[str, list[int]] = {}
    for payer, unit_id in rows:
        found.setdefault(payer, []).append(unit_id)
    return found


def _by_unit(
    session: Session, actor: Actor, fund_id: int, unit_ids: Iterable[int]
) -> dict[int, list[OwedBill]]:
    found: dict[int, list[OwedBill]] = {}
    for bill in _owed(session, actor, fund_id, Bill.unit_id.in_(list(unit_ids))):
        found.setdefault(bill.unit_id, []).append(bill)
    return found


def _owed(session: Session, actor: Actor, fund_id: int, chosen: object) -> tuple[OwedBill, ...]:
    rows = session.execute(
        select(Bill.id, Bill.unit_id, Bill.month, Bill.due_on, Bill.amount_fen - Bill.paid_fen)
        .where(
            Bill.community_id == actor.community_id,
            Bill.fund_id == fund_id,
            Bill.transaction_id.is_not(None),
            Bill.paid_fen < Bill.amount_fen,
            chosen,  # type: ignore[arg-type]
        )
        .order_by(Bill.month, Bill.unit_id, Bill.id)
    ).all()
    names = identity.unit_names(session, actor.community_id, {row[1] for row in rows})
    return tuple(
        OwedBill(bill_id, unit_id, names.get(unit_id, ""), month, due_on, left)
        for bill_id, unit_id, month, due_on, left in rows
    )
