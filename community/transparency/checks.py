"""Every broken promise of the log, in words, from its rows alone."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.transparency.models import Record
from community.transparency.rules.records import canonical


def problems(session: Session) -> list[str]:
    """List what does not hold."""
    return _records(session)


def _records(session: Session) -> list[str]:
    """Find records that are not canonical, or tell another community or kind than their row."""
    found = []
    columns = select(Record.id, Record.community_id, Record.kind, Record.content)
    for record_id, community_id, kind, content in session.execute(columns.order_by(Record.id)):
        try:
            said = json.loads(content)
        except ValueError:
            found.append(f"public record {record_id} is no JSON")
            continue
        if canonical(said) != content:
            found.append(f"public record {record_id} is not canonical")
        elif (said["community"], said["kind"]) != (community_id, kind):
            found.append(f"public record {record_id} tells another community or kind than its row")
    return found
