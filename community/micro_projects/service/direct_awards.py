"""Small jobs in ten minutes by one officer: a direct award (定向委托), or quotes (询价)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.awards import (
    AwardOverBudget,
    DirectTooMuch,
    QuotationTooMuch,
    QuotesTied,
    QuotesTooFew,
    QuotesTwice,
    SplitNotExplained,
)
from community.micro_projects.errors.venture import NotAVenture
from community.micro_projects.models import Award, Bid, Project, Tender
from community.micro_projects.queries.awards import small_jobs
from community.micro_projects.queries.tender_terms import tender_terms
from community.micro_projects.rules.awards import (
    CHOSEN_GROUNDS,
    GROUND_TITLES,
    AwardState,
    DirectGround,
    SmallJob,
    looks_split,
    whole_amount,
)
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tender_methods import TenderTerms, fits
from community.micro_projects.rules.tenders import TenderMethod, TenderState, Unconfirmed
from community.micro_projects.service.award_steps import (
    check_bought,
    check_fit,
    check_vacant,
    make_final,
    post_award,
)
from community.micro_projects.service.moving import load_project, move_project
from community.micro_projects.service.suppliers import tell_staff
from community.micro_projects.service.tender_drafts import next_number
from community.micro_projects.service.tender_steps import claim_step, note_step
from community.sealing import BoxLevel


@dataclass(frozen=True, slots=True)
class Quote:
    """What an organisation asks for the job, and where its quote can be seen."""

    organization_id: int
    price_fen: int
    words: str = ""


def award_directly(
    session: Session,
    actor: Actor,
    project_id: int,
    organization_id: int,
    amount_fen: int,
    ground: DirectGround,
    reason: str,
    split_words: str = "",
) -> int:
    """Give a small job to one organisation, with a public reason; gives the award's id.

    It is final at once: its amount is set aside in the project's money, or nothing is written.
    Raises: ProjectNotFound, AwardStands, SupplierUnfit, DirectTooMuch, AwardOverBudget,
    SplitNotExplained, ProjectMoneyShort, MoveRefused.
    """
    actor.check(permissions.AWARD.code)
    project = load_project(session, actor, project_id)
    check_bought(project)
    if ground not in CHOSEN_GROUNDS:
        raise NotAVenture
    terms = _terms(session, actor, project, TenderMethod.DIRECT)
    if terms is None or not fits(terms, amount_fen):
        raise DirectTooMuch(**_limit(terms, amount_fen))
    check_vacant(session, actor, project_id)
    check_fit(session, actor, organization_id, project.kind.value)
    near = _check_small(session, actor, project, amount_fen, split_words)
    row = Award(
        community_id=actor.community_id,
        project_id=project_id,
        organization_id=organization_id,
        method=TenderMethod.DIRECT,
        amount_fen=amount_fen,
        ground=ground,
        reason=reason or str(say(GROUND_TITLES[ground])),
        **_posted(actor, near, split_words),
    )
    _give(session, actor, row)
    return row.id


def award_by_quotes(
    session: Session,
    actor: Actor,
    project_id: int,
    quotes: Sequence[Quote],
    split_words: str = "",
) -> int:
    """Give a small job to the lowest of several quotes; all are public. Gives the award's id.

    Raises: ProjectNotFound, QuotesTooFew, QuotesTwice, QuotesTied, AwardStands, SupplierUnfit,
    QuotationTooMuch, AwardOverBudget, SplitNotExplained, ProjectMoneyShort, MoveRefused.
    """
    actor.check(permissions.AWARD.code)
    project = load_project(session, actor, project_id)
    check_bought(project)
    terms = _terms(session, actor, project, TenderMethod.QUOTATION)
    least = terms.minimum_bids if terms else 1
    if len(quotes) < least:
        raise QuotesTooFew(least=least, count=len(quotes))
    if len({each.organization_id for each in quotes}) != len(quotes):
        raise QuotesTwice
    best = _lowest(session, actor, quotes)
    if terms is None or not fits(terms, best.price_fen):
        raise QuotationTooMuch(**_limit(terms, best.price_fen))
    check_vacant(session, actor, project_id)
    for each in quotes:
        check_fit(session, actor, each.organization_id, project.kind.value)
    near = _check_small(session, actor, project, best.price_fen, split_words)
    tender = _quotation(session, actor, project, terms)
    bids = _bids(session, actor, tender, quotes)
    claim_step(session, actor, tender, TenderState.BIDDING)
    row = Award(
        community_id=actor.community_id,
        project_id=project_id,
        tender_id=tender.id,
        bid_id=bids[best.organization_id],
        organization_id=best.organization_id,
        method=TenderMethod.QUOTATION,
        amount_fen=best.price_fen,
        reason=str(
            say(
                N_("{count} 家报价中最低：{amount} 元"),
                count=len(quotes),
                amount=yuan(best.price_fen),
            )
        ),
        **_posted(actor, near, split_words),
    )
    _give(session, actor, row, tender)
    return row.id


def near_jobs(
    session: Session, community_id: int, project: Project, amount_fen: int
) -> tuple[SmallJob, ...]:
    """Name the earlier small jobs that look like parts of this one."""
    return looks_split(_job(project, amount_fen), small_jobs(session, community_id))


def _job(project: Project, amount_fen: int) -> SmallJob:
    return SmallJob(
        project.id,
        project.title,
        project.kind.value,
        project.place,
        amount_fen,
        clock.today(),
    )


def _terms(
    session: Session, actor: Actor, project: Project, method: TenderMethod
) -> TenderTerms | None:
    found = tender_terms(session, actor.community_id, project.kind.value, clock.today())
    return found.get(method)


def _limit(terms: TenderTerms | None, amount_fen: int) -> dict[str, str]:
    most = 0 if terms is None or terms.most_fen is None else terms.most_fen
    return {
        "amount": yuan(amount_fen),
        "most": yuan(most),
        "basis": str(say(terms.basis)) if terms else "",
    }


def _check_small(
    session: Session, actor: Actor, project: Project, amount_fen: int, split_words: str
) -> tuple[SmallJob, ...]:
    """Hold a small job to its budget, and ask for a public word where it looks like one split."""
    if project.budget_fen is not None and amount_fen > project.budget_fen:
        raise AwardOverBudget(amount=yuan(amount_fen), budget=yuan(project.budget_fen))
    near = near_jobs(session, actor.community_id, project, amount_fen)
    if near and not split_words:
        raise SplitNotExplained(
            count=len(near),
            amount=yuan(whole_amount(_job(project, amount_fen), near)),
            titles="、".join(each.title for each in near),
        )
    return near


def _posted(actor: Actor, near: Sequence[SmallJob], split_words: str) -> dict[str, object]:
    return {
        "state": AwardState.PENDING,
        "place": 1,
        "near_jobs": [each.project_id for each in near],
        "split_words": split_words if near else "",
        "decided_by": actor.person_id,
        "noticed_at": clock.now(),
    }


def _give(session: Session, actor: Actor, row: Award, tender: Tender | None = None) -> None:
    """Post a small award and let it be final at once."""
    post_award(session, actor, row)
    project = load_project(session, actor, row.project_id)
    if project.state is not ProjectState.PROCURING:
        ref = f"award:{row.id}"
        move_project(session, actor, project.id, ProjectState.PROCURING, ref, row.reason)
    if tender is not None:
        claim_step(session, actor, tender, TenderState.AWARDED, f"award:{row.id}")
    make_final(session, actor, row)
    tell_staff(
        session,
        actor,
        row.organization_id,
        say(N_("您的单位被选为项目实施单位")),
        say(
            N_("“{title}”，{amount} 元。请等社区联系签合同。"),
            title=project.title,
            amount=yuan(row.amount_fen),
        ),
        f"projects/awards/{row.id}",
        "todo",
    )


def _lowest(session: Session, actor: Actor, quotes: Sequence[Quote]) -> Quote:
    price = min(each.price_fen for each in quotes)
    lowest = [each for each in quotes if each.price_fen == price]
    if len(lowest) > 1:
        names = {one.id: one.name for one in identity.organizations(session, actor.community_id)}
        raise QuotesTied(names="、".join(names.get(each.organization_id, "") for each in lowest))
    return lowest[0]


def _quotation(session: Session, actor: Actor, project: Project, terms: TenderTerms) -> Tender:
    assert project.budget_fen is not None, "an approved project has a budget"
    row = Tender(
        community_id=actor.community_id,
        project_id=project.id,
        number=next_number(session, actor.community_id),
        title=project.title,
        text=project.need[:6_000],
        method=TenderMethod.QUOTATION,
        level=BoxLevel.L0,
        state=TenderState.DRAFT,
        budget_fen=project.budget_fen,
        minimum_bids=terms.minimum_bids,
        unconfirmed=Unconfirmed.COUNTS,
        rules_basis=terms.basis,
        drafted_by=actor.person_id,
        drafted_at=clock.now(),
        published_at=clock.now(),
    )
    session.add(row)
    session.flush()
    note_step(session, actor, row, TenderState.DRAFT)
    return row


def _bids(
    session: Session, actor: Actor, tender: Tender, quotes: Sequence[Quote]
) -> dict[int, int]:
    """Write the quotes down as valid bids; gives each organisation's."""
    found: dict[int, int] = {}
    for each in quotes:
        bid = Bid(
            community_id=tender.community_id,
            tender_id=tender.id,
            organization_id=each.organization_id,
            state=BidState.VALID,
            price_fen=each.price_fen,
            proposal=each.words,
            submitted_by=actor.person_id,
            submitted_at=clock.now(),
            opened_at=clock.now(),
        )
        session.add(bid)
        session.flush()
        found[each.organization_id] = bid.id
    return found
