"""API rows of the public accounts."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import public_accounts, public_entry
from community.trust_property.schemas import public as schemas

ONE = "/funds/<int:fund_id>"

api.show(f"{ONE}/public-accounts", public_accounts.public_accounts, permissions.SEE)
api.show(f"{ONE}/entries", public_accounts.public_rows, permissions.SEE, schemas.RowsQuery)
api.show(f"{ONE}/entries/<int:transaction_id>", public_entry.get_public_entry, permissions.SEE)
