"""API rows of sharing a surplus."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import surplus as queries
from community.trust_property.schemas import surplus as schemas
from community.trust_property.service import surplus as service

ONE = "/funds/<int:fund_id>"
READ, PREPARE = permissions.READ, permissions.PREPARE

api.show(f"{ONE}/surpluses", queries.surpluses, READ)
api.show(f"{ONE}/surpluses/<int:surplus_id>/shares", queries.shares_of, READ, schemas.SharesAsked)
api.show(f"{ONE}/free-money", queries.free_money, READ)
api.act(f"{ONE}/surpluses", service.propose_surplus, PREPARE, schemas.SurplusBody)
