"""What an audit pack may carry of vouchers: the public twins, personal data blacked out."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.files.intake import path_of
from community.transparency import PackFile

# Originals stay here: they name people. Their hashes are public all the same.
_TWINS = """
SELECT DISTINCT v.redacted_sha256 FROM ledger_voucher v
LEFT JOIN ledger_voucher_redaction r ON r.community_id = v.community_id AND r.voucher_id = v.id
WHERE v.community_id = ? AND v.redacted_sha256 IS NOT NULL AND r.voucher_id IS NULL
ORDER BY v.redacted_sha256
"""
_ENDINGS = {
    b"%PDF": ".pdf",
    b"\x89PNG": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"RIFF": ".webp",
}


def voucher_files(session: Session, community_id: int) -> Iterator[PackFile]:
    """Yield the public twins of a community's vouchers, as far as their bytes are there."""
    for (sha256,) in db.statements(session).all(_TWINS, (community_id,)):
        path = path_of(sha256)
        if path.exists():
            with path.open("rb") as opened:
                head = opened.read(8)
            ending = next((one for start, one in _ENDINGS.items() if head.startswith(start)), "")
            yield PackFile("vouchers", ending, path.read_bytes)
