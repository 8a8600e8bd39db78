"""API rows of reports."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import reports as queries
from community.trust_property.schemas import reports as schemas
from community.trust_property.service import reports as service

ONE = "/funds/<int:fund_id>"

api.show(f"{ONE}/reports", queries.published_reports, permissions.SEE)
api.show(f"{ONE}/report", queries.period_report, permissions.SEE, schemas.PeriodQuery)
api.act(f"{ONE}/reports", service.publish_report, permissions.PREPARE, schemas.PeriodBody)
api.show(f"{ONE}/reports/<int:report_id>", queries.get_published_report, permissions.SEE)
