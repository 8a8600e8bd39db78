"""API rows of overdue units, plans, reminders and refunds."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import overdue as queries
from community.trust_property.schemas import overdue as schemas
from community.trust_property.service import overdue as service

ONE = "/funds/<int:fund_id>"
READ, PREPARE = permissions.READ, permissions.PREPARE

api.show(f"{ONE}/overdue", queries.overdue_units, READ)
api.act(f"{ONE}/overdue/remind", service.send_reminders, PREPARE)
api.act(f"{ONE}/plans", service.agree_plan, PREPARE, schemas.PlanBody)
api.act(f"{ONE}/plans/<int:unit_id>/end", service.end_plan, PREPARE)
api.act(f"{ONE}/refunds", service.propose_refund, PREPARE, schemas.RefundBody)
