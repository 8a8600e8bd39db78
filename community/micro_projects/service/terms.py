"""Setting the dated figures that projects are held to."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.deciding import TermsReversed
from community.micro_projects.models import ProjectRuleSet
from community.micro_projects.rules.terms import ProjectTerms, to_figures


def adopt_terms(
    session: Session,
    actor: Actor,
    locality: str,
    basis: str,
    valid_from: date,
    valid_to: date | None,
    terms: ProjectTerms,
) -> int:
    """Set the figures from a day on; projects submitted before keep theirs. Gives its id.

    Raises: TermsReversed.
    """
    actor.check(permissions.REVIEW.code)
    if valid_from < clock.today() or (valid_to is not None and valid_to < valid_from):
        raise TermsReversed
    row = ProjectRuleSet(
        community_id=actor.community_id,
        locality=locality,
        basis=basis,
        valid_from=valid_from,
        valid_to=valid_to,
        figures=to_figures(terms),
        set_by=actor.person_id,
        set_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id
