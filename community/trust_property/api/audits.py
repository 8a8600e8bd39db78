"""API rows of audits."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import audits as queries
from community.trust_property.schemas import audits as schemas
from community.trust_property.service import audits as service

ALL = "/funds/<int:fund_id>/audits"
ONE = f"{ALL}/<int:audit_id>"
AUDIT, ANSWER = permissions.AUDIT, permissions.ANSWER

api.show(ALL, queries.audits, permissions.SEE)
api.show(ONE, queries.get_audit, permissions.SEE)
api.act(ALL, service.announce_audit, AUDIT, schemas.AuditPlanBody)
api.act(f"{ONE}/draw", service.draw_sample, AUDIT)
api.act(f"{ONE}/check", service.check_entry, AUDIT, schemas.EntryBody)
api.act(f"{ONE}/findings", service.add_finding, AUDIT, schemas.FindingBody)
api.act(
    f"{ONE}/findings/<int:finding_id>/replies",
    service.reply_to_finding,
    ANSWER,
    schemas.ReplyBody,
)
api.act(f"{ONE}/opinion", service.give_opinion, AUDIT, schemas.OpinionBody)
