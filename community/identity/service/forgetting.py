"""What is kept only while it protects somebody: attempts, spent codes and ended sessions."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community.identity.models import OneTimeCode, SignInAttempt, SignInSession
from community.identity.service.rows import change
from community.kernel import clock
from community.kernel.actor import Actor

ATTEMPTS_KEPT = timedelta(days=30)
CODES_KEPT = timedelta(days=7)
SESSIONS_KEPT = timedelta(days=90)
AT_ONCE = 500


def forget_old_proofs(session: Session, actor: Actor) -> int:
    """Delete a batch of what no longer protects anybody; answers how many rows went.

    Source: 个人信息保护法 Art. 19 (kept no longer than needed).
    """
    now = clock.now()
    old = (
        (SignInAttempt, SignInAttempt.tried_at < now - ATTEMPTS_KEPT),
        (OneTimeCode, OneTimeCode.expires_at < now - CODES_KEPT),
        (SignInSession, SignInSession.expires_at < now - SESSIONS_KEPT),
    )
    forgotten = 0
    for table, is_old in old:
        batch = select(table.id).where(is_old).limit(AT_ONCE)
        forgotten += change(session, delete(table).where(table.id.in_(batch)))
    return forgotten
