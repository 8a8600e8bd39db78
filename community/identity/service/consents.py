"""Commands on consent: given to a text of one version, withdrawn at any time."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.identity.errors import ConsentRequired, NotWhileActing
from community.identity.models import Consent, ConsentKind
from community.identity.rules.consents import text_of
from community.identity.service.rows import change
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed


def give_consent(session: Session, actor: Actor, kind: ConsentKind) -> None:
    """Agree to the present text of a kind, for oneself; agreeing twice changes nothing."""
    if actor.person_id is None:
        raise NotAllowed
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    note_consent(session, actor.person_id, kind)


def note_consent(
    session: Session,
    person_id: int,
    kind: ConsentKind,
    recorded_by: int | None = None,
    reference: str = "",
) -> None:
    """Keep that a person agreed, or that their guardian or a signed form did."""
    text = text_of(kind.value, clock.today())
    known = select(Consent.id).where(
        Consent.person_id == person_id,
        Consent.kind == kind,
        Consent.version == text.version,
        Consent.withdrawn_at.is_(None),
    )
    if session.scalar(known.limit(1)) is not None:
        return
    session.add(
        Consent(
            person_id=person_id,
            kind=kind,
            version=text.version,
            text_hash=text.hash,
            given_at=clock.now(),
            recorded_by=recorded_by,
            reference=reference,
        )
    )


def withdraw_consent(session: Session, actor: Actor, kind: ConsentKind) -> None:
    """Take one's consent back. Source: 个人信息保护法 Art. 15.

    Raises: ConsentRequired for the one without which the site cannot serve anybody.
    """
    if actor.person_id is None:
        raise NotAllowed
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    if kind is ConsentKind.SERVICE:
        raise ConsentRequired
    change(
        session,
        update(Consent)
        .where(Consent.person_id == actor.person_id, Consent.kind == kind)
        .where(Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now()),
    )
