"""Published reports are kept as they were, and the books still give the same figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel.actor import Actor
from community.trust_property.models import PublishedReport
from community.trust_property.queries.reports import period_report


def problems(session: Session) -> Iterator[str]:
    """List published reports whose bytes, record or figures are not what they were."""
    for row in session.scalars(select(PublishedReport).order_by(PublishedReport.id)):
        name = f"trust: report {row.id} ({row.period}, version {row.version})"
        if hashlib.sha256(row.content).hexdigest() != row.sha256:
            yield f"{name} does not hash to what it says"
            continue
        told = transparency.get_record(session, row.community_id, row.record_id).fields
        kept = json.loads(row.content)["figures"]
        if told.get("sha256") != row.sha256 or told.get("figures") != kept:
            yield f"{name} is not what the public log carries"
        actor = Actor.system(row.community_id)
        now = period_report(session, actor, row.fund_id, row.period, row.known_at).figures
        differing = sorted(each for each in {*now, *kept} if now.get(each) != kept.get(each))
        if differing:
            yield f"{name} has figures that the books do not give any more: {differing[:3]}"
