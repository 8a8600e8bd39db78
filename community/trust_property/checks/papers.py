"""Every public copy and every opening of an original is in the public log as it is here."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.trust_property.models import PaperOpening, PaperTwin


def problems(session: Session) -> Iterator[str]:
    """Name copies and openings that were not told, or told otherwise."""
    for twin in session.scalars(select(PaperTwin).order_by(PaperTwin.id)):
        record = transparency.find_record(session, twin.community_id, "trust.twin", twin.id)
        told = record and (record.fields["sha256"], record.fields["redacted_sha256"])
        if told != (twin.original_sha256, twin.sha256):
            yield f"trust: public copy {twin.id} is not as the public log tells it"
    for row in session.scalars(select(PaperOpening).order_by(PaperOpening.id)):
        kind = "trust.voucher_opened"
        found = transparency.find_record(session, row.community_id, kind, row.id)
        names = ("fund", "sha256", "role", "reason")
        said = found and tuple(found.fields[name] for name in names)
        if said != (row.fund_id, row.sha256, row.role, row.reason):
            yield f"trust: opening {row.id} is not as the public log tells it"
