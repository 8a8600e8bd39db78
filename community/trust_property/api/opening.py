"""API rows of opening day, deposits, collections for others and the cash box."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import held_money as held
from community.trust_property.queries import opening as queries
from community.trust_property.schemas import opening as schemas
from community.trust_property.service import (
    agencies,
    cash_box,
    deposits,
    fee_import,
    opening,
    opening_drafts,
)

ONE = "/funds/<int:fund_id>"
DRAFT = f"{ONE}/opening"
DEPOSIT = f"{ONE}/deposits/<int:deposit_id>"
AGENCY = f"{ONE}/agencies/<int:agency_id>"
READ, PREPARE = permissions.READ, permissions.PREPARE

api.show(DRAFT, queries.find_opening, READ)
api.act(DRAFT, opening_drafts.start_opening, PREPARE, schemas.DayBody)
api.act(f"{DRAFT}/drop", opening_drafts.drop_opening, PREPARE)
api.act(f"{DRAFT}/items", opening_drafts.add_opening_item, PREPARE, schemas.ItemBody)
api.act(f"{DRAFT}/items/<int:item_id>/remove", opening_drafts.remove_opening_item, PREPARE)
api.act(
    f"{DRAFT}/banks/<int:bank_account_id>",
    opening_drafts.state_bank_balance,
    PREPARE,
    schemas.BankBalanceBody,
)
api.act(f"{DRAFT}/ledger", fee_import.keep_fee_ledger, PREPARE, schemas.LedgerBody)
api.act(f"{DRAFT}/ledger/answer", fee_import.answer_fee_ledger, PREPARE, schemas.LedgerAnswerBody)
api.act(f"{DRAFT}/ledger/write", fee_import.write_fee_ledger, PREPARE, schemas.WriteBody)
api.act(f"{DRAFT}/propose", opening.propose_opening, PREPARE)
api.show(f"{ONE}/held", held.held_totals, permissions.SEE)
api.show(f"{ONE}/deposits", held.deposits, READ)
api.show(f"{DEPOSIT}/receipt", held.get_deposit_receipt, READ)
api.show(f"{ONE}/cash-counts", held.cash_counts, READ)
api.act(f"{ONE}/deposits", deposits.take_deposit, PREPARE, schemas.DepositBody)
api.act(f"{DEPOSIT}/return", deposits.return_deposit, PREPARE, schemas.WayBody)
api.act(f"{DEPOSIT}/forfeit", deposits.propose_forfeit, PREPARE, schemas.ForfeitBody)
api.act(f"{ONE}/agencies", agencies.add_agency, PREPARE, schemas.AgencyBody)
api.act(f"{AGENCY}/collect", agencies.collect_for_others, PREPARE, schemas.MoveBody)
api.act(f"{AGENCY}/pass-on", agencies.pass_on, PREPARE, schemas.MoveBody)
api.act(f"{ONE}/cash-counts", cash_box.count_cash, PREPARE, schemas.CountBody)
api.act(f"{ONE}/cash/bank", cash_box.bank_cash, PREPARE, schemas.BankCashBody)
