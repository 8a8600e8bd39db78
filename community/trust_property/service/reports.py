"""Publishing a period's report: its bytes are kept, its hash and figures enter the public log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial

from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property import permissions
from community.trust_property.errors.reports import (
    PeriodRunning,
    PeriodUnclear,
    ReportUnchanged,
)
from community.trust_property.models import PublishedReport
from community.trust_property.queries.reports import (
    newest_published,
    period_report,
    published_files,
    report_as_published,
)
from community.trust_property.rules.periods import read_period
from community.trust_property.rules.reports import report_bytes, say_the_same
from community.trust_property.service.fund import load_fund
from community.trust_property.service.publishing import publish


def publish_report(session: Session, actor: Actor, fund_id: int, period: str) -> int:
    """Publish the report of a period that is over, as the books know it now; gives its id.

    Once published it stands; what is corrected later is told by a further version.
    Raises: FundNotFound, FundClosed, PeriodUnclear, PeriodRunning, ReportUnchanged.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    asked = read_period(period)
    if asked is None:
        raise PeriodUnclear
    if asked.last >= clock.today():
        raise PeriodRunning(period=period, day=asked.last.isoformat())
    now = clock.now()
    made = period_report(session, actor, fund.id, period, now)
    content = report_bytes(made)
    last = newest_published(session, actor, fund_id, period)
    old = report_as_published(session, actor, last)
    if old is not None and say_the_same(old, made):
        raise ReportUnchanged(period=period)
    version = 1 if last is None else last.version + 1
    sha256 = hashlib.sha256(content).hexdigest()
    told = {
        "fund": fund_id,
        "report": f"fund/{fund_id}/{version}",
        "period": period,
        "version": version,
        "known_at": clock.micros(now),
        "sha256": sha256,
        "figures": dict(made.figures),
    }
    row = PublishedReport(
        community_id=actor.community_id,
        fund_id=fund_id,
        period=period,
        version=version,
        first_on=asked.first,
        last_on=asked.last,
        known_at=now,
        sha256=sha256,
        content=content,
        record_id=publish(session, actor, "report", told),
        published_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    return row.id


def _pack_files(session: Session, community_id: int) -> Iterator[transparency.PackFile]:
    """Give the reports whose records the newest checkpoint covers."""
    checkpoint = transparency.latest_checkpoint(session, community_id)
    size = 0 if checkpoint is None else checkpoint.size
    for record_id, content in published_files(session, community_id):
        place = transparency.get_record(session, community_id, record_id).log_index
        if place is not None and place < size:
            yield transparency.PackFile("reports", ".json", partial(bytes, content))


transparency.add_pack_source(_pack_files)
transparency.name_kinds({"trust.report": N_("报表")})
