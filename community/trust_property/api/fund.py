"""API rows of funds and their bank accounts."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import fund as queries
from community.trust_property.schemas import fund as schemas
from community.trust_property.service import fund as service

ONE = "/funds/<int:fund_id>"

api.show("/funds", queries.funds, permissions.READ)
api.show(ONE, queries.get_fund, permissions.READ)
api.show(f"{ONE}/buildings", queries.fund_buildings, permissions.READ)
api.show(f"{ONE}/bank-accounts", queries.bank_accounts, permissions.READ)
api.act("/funds", service.prepare_fund, permissions.FOUND, schemas.FundBody)
api.act(
    f"{ONE}/bank-accounts", service.add_bank_account, permissions.FOUND, schemas.BankAccountBody
)
api.act("/trustees", service.add_trustee, permissions.FOUND, schemas.TrusteeBody)
