"""The fund's rules change only by two keys, and the ledger's own policy with them."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.trust_property import permissions
from community.trust_property.errors.matters import BackDated, NothingChanged, TermsUnclear
from community.trust_property.models import Fund, FundRule, Matter
from community.trust_property.queries.policies import find_terms
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import MatterKind
from community.trust_property.rules.policies import (
    Terms,
    read_terms,
    terms_content,
    terms_facts,
    terms_problem,
)
from community.trust_property.service import matters
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.publishing import publish
from community.trust_property.service.vouchers import Paper, keep_papers


def propose_rules(
    session: Session,
    actor: Actor,
    fund_id: int,
    terms: Terms,
    valid_from: date,
    reference: str,
    papers: tuple[Paper, ...] = (),
) -> int:
    """Put rules to the committee, by the decision they rest on; gives the matter's id.

    Raises: FundNotFound, FundClosed, NoKey, TermsUnclear, BackDated, NothingChanged, MatterOpen.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    problem = terms_problem(terms)
    if problem is not None:
        raise TermsUnclear(problem=problem)
    if valid_from < clock.today():
        raise BackDated
    old = find_terms(session, actor.community_id, fund_id, valid_from)
    if old == terms:
        raise NothingChanged
    draft = matters.Draft(
        MatterKind.RULES.value,
        f"{fund.name}资金规则",
        terms_facts(old, terms, valid_from, reference),
        {**terms_content(terms), "valid_from": valid_from.isoformat(), "reference": reference},
        subject_id=fund_id,
        papers=keep_papers(session, actor, papers),
    )
    return matters.raise_matter(session, actor, fund, draft, _policy(fund, terms, valid_from)).id


def _policy(fund: Fund, terms: Terms, valid_from: date) -> ledger.PolicyChange:
    """Say the same to the ledger: it is what refuses a payment that lacks keys."""
    assert fund.book_id is not None
    return ledger.PolicyChange(
        fund.book_id,
        Purpose.SPEND.value,
        terms.small_fen,
        1,
        Role.COMMITTEE.value,
        valid_from,
        (ledger.Tier(terms.two_keys_fen, 2),),
    )


def _made(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    content = matter.content
    valid_from = max(date.fromisoformat(content["valid_from"]), clock.today())
    row = FundRule(
        community_id=actor.community_id,
        fund_id=matter.fund_id,
        terms=terms_content(read_terms(content)),
        valid_from=valid_from,
        reference=content["reference"],
        matter_id=matter.id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    fields = {**row.terms, "fund": row.fund_id, "rule": row.id, "reference": row.reference}
    fields |= {"valid_from": valid_from.isoformat(), "proposal": matter.proposal_id}
    publish(session, actor, "rule", fields)


matters.on(MatterKind.RULES.value, _made)
