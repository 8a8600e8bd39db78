"""API rows of correcting a closed period."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import corrections as queries
from community.trust_property.schemas import corrections as schemas
from community.trust_property.service import corrections as service

ONE = "/funds/<int:fund_id>"
READ, PREPARE = permissions.READ, permissions.PREPARE

api.show(f"{ONE}/corrections", queries.corrections, READ)
api.show(f"{ONE}/corrections/accounts", queries.correction_accounts, READ)
api.show(f"{ONE}/corrections/named", queries.get_corrected, READ, schemas.NamedAsked)
api.act(f"{ONE}/corrections", service.propose_correction, PREPARE, schemas.EntryCorrectionBody)
