"""Opening the original of a paper: written down and published before anybody sees it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed
from community.kernel.permissions import Role
from community.trust_property import permissions
from community.trust_property.models import PaperOpening
from community.trust_property.queries.papers import get_paper
from community.trust_property.service.publishing import hidden_words, publish
from community.trust_property.service.questions import check_words

# In which role somebody opens it: the first of these that they have.
ROLES = (Role.AUDITOR, Role.COMMITTEE, Role.PROPERTY, Role.STAFF, Role.STREET)


def open_paper(session: Session, actor: Actor, fund_id: int, file_id: int, reason: str) -> int:
    """Write down that the actor opens an original and why; gives the opening's id.

    Raises: FundNotFound, NotFound, PersonalWords.
    """
    actor.check(permissions.READ.code)
    role = next((each for each in ROLES if each.value in actor.roles), None)
    if actor.person_id is None or role is None:
        raise NotAllowed
    found = get_paper(session, actor, fund_id, file_id)
    check_words(session, actor, reason)
    row = PaperOpening(
        community_id=actor.community_id,
        fund_id=fund_id,
        file_id=file_id,
        sha256=found.sha256,
        role=role.value,
        reason=reason,
        opened_by=actor.person_id,
        opened_at=clock.now(),
    )
    session.add(row)
    session.flush()
    fields = {
        "fund": fund_id,
        "voucher_opened": row.id,
        "sha256": found.sha256,
        "role": role.value,
        "person": hidden_words(session, actor, f"opening:{row.id}|person:{actor.person_id}"),
        "reason": reason,
    }
    publish(session, actor, "voucher_opened", fields)
    return row.id


transparency.name_kinds({"trust.voucher_opened": N_("查看凭证原件")})
