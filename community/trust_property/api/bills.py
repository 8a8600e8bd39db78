"""API rows of bills and receipts."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import bills as queries
from community.trust_property.schemas import bills as schemas
from community.trust_property.service import billing, receipts

ONE = "/funds/<int:fund_id>"
READ, PREPARE = permissions.READ, permissions.PREPARE

api.show(f"{ONE}/bill-runs", queries.bill_runs, READ)
api.show(f"{ONE}/bill-runs/<int:run_id>", queries.get_bill_run, READ)
api.show(f"{ONE}/bill-runs/<int:run_id>/bills", queries.bills_of_run, READ, schemas.AfterQuery)
api.show(f"{ONE}/receipts", queries.receipts, READ, schemas.BeforeQuery)
api.show(f"{ONE}/receipts/<int:receipt_id>", queries.get_receipt, READ)
api.show(f"{ONE}/arrears", queries.arrears, permissions.SEE)
api.show(f"{ONE}/collection", queries.collection, permissions.SEE)
api.act(f"{ONE}/bill-runs", billing.prepare_bills, PREPARE, schemas.BillsBody)
api.act(f"{ONE}/bill-runs/<int:run_id>/post", billing.post_bills, PREPARE)
api.act(f"{ONE}/bill-runs/<int:run_id>/drop", billing.drop_bills, PREPARE)
api.act(f"{ONE}/receipts", receipts.take_payment, PREPARE, schemas.PaymentBody)
api.act(f"{ONE}/receipts/<int:receipt_id>/void", receipts.void_receipt, PREPARE, schemas.VoidBody)
