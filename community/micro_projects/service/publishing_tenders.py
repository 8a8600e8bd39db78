"""A tender is checked by somebody else than its drafter, and what was checked is published."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, notices, sealing, transparency
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import (
    ChangedSinceCheck,
    DocumentsMissing,
    NotYetChecked,
    OpenerWithoutKey,
    SamePerson,
    TimeTooShort,
    WeightsWrong,
)
from community.micro_projects.events import TenderPublished
from community.micro_projects.models import Tender, TenderCriterion, TenderDocument, TenderOpener
from community.micro_projects.queries.tender_terms import tender_terms
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tenders import SEALED_METHODS, TenderState
from community.micro_projects.service.moving import load_project, move_project
from community.micro_projects.service.tender_drafts import hash_content
from community.micro_projects.service.tender_steps import (
    claim_step,
    load_tender,
    lock_tender,
    wrong_state,
)
from community.sealing import BoxLevel

PUBLISHED = "tender.published"
SHORTEST_TEXT = 10
# What a bidder's browser asks for and seals; `rules.bids.read_bid` reads it again.
FORM = (
    sealing.FormField("price_fen", sealing.FieldKind.YUAN, N_("报价（元）")),
    sealing.FormField("proposal", sealing.FieldKind.LONG, N_("实施方案")),
    sealing.FormField("files", sealing.FieldKind.FILES, N_("附件")),
)


def submit_for_check(session: Session, actor: Actor, tender_id: int) -> None:
    """Hand a draft in for its compliance check.

    Raises: TenderNotFound, TenderStateWrong, DocumentsMissing, WeightsWrong.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    row = load_tender(session, actor, tender_id)
    if row.state is not TenderState.DRAFT:
        raise wrong_state(row)
    _check_whole(session, row)
    claim_step(session, actor, row, TenderState.COMPLIANCE)
    title = say(N_("有招标文件等您做合规审查"))
    body = say(N_("第 {number} 号招标“{title}”已提交审查。"), number=row.number, title=row.title)
    for person_id in _checkers(session, actor.community_id):
        if person_id != actor.person_id:
            link = f"desk/tenders/{row.id}"
            notices.send(session, actor, person_id, title, body, link, kind="todo")


def check_tender(
    session: Session, actor: Actor, tender_id: int, passes: bool, words: str = ""
) -> None:
    """Pass a tender's compliance check, or send the draft back with what is to be changed.

    Raises: TenderNotFound, TenderStateWrong, SamePerson.
    """
    actor.check(permissions.CHECK_TENDER.code)
    row = load_tender(session, actor, tender_id)
    if row.state is not TenderState.COMPLIANCE:
        raise wrong_state(row)
    if actor.person_id == row.drafted_by:
        raise SamePerson
    if passes:
        row.checked_by, row.checked_at = actor.person_id, clock.now()
        row.content_hash = hash_content(session, row)
        session.flush()
    else:
        claim_step(session, actor, row, TenderState.DRAFT, words=words)
    if row.drafted_by is None:
        return
    title = say(N_("合规审查已通过，可以发布")) if passes else say(N_("招标文件被退回修改"))
    body = say(
        N_("第 {number} 号招标“{title}”。{words}"), number=row.number, title=row.title, words=words
    )
    link = f"desk/tenders/{row.id}"
    notices.send(session, actor, row.drafted_by, title, body, link, kind="change")


def publish_tender(session: Session, actor: Actor, tender_id: int) -> None:
    """Publish a tender that passed its check: its box and private tree open with it.

    Raises: TenderNotFound, TenderStateWrong, NotYetChecked, ChangedSinceCheck, TimeTooShort,
    OpenerWithoutKey.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    row = lock_tender(session, actor, tender_id)
    if row.state is not TenderState.COMPLIANCE or row.method not in SEALED_METHODS:
        raise wrong_state(row)
    if row.checked_at is None:
        raise NotYetChecked
    if row.content_hash != hash_content(session, row):
        raise ChangedSinceCheck
    _check_days(session, row)
    assert row.opens_at is not None
    assert row.deadline is not None
    subject = f"tender:{row.id}"
    openers = _openers_with_keys(session, row)
    tree_id = transparency.open_private_tree(session, actor.community_id, subject)
    box_id = sealing.open_box(
        session,
        actor,
        subject,
        row.level,
        row.deadline,
        openers=openers,
        k=row.opener_threshold,
        terms=sealing.BoxTerms(
            opens_at=row.opens_at,
            least_envelopes=row.minimum_bids,
            form=FORM if row.level is BoxLevel.L2 else (),
        ),
    )
    now = clock.now()
    claim_step(
        session, actor, row, TenderState.ENQUIRY,
        published_at=now, box_id=box_id, tree_id=tree_id,
    )  # fmt: skip
    project = load_project(session, actor, row.project_id)
    if project.state is ProjectState.APPROVED:
        move_project(session, actor, row.project_id, ProjectState.PROCURING, f"tender:{row.id}")
    _tell_published(session, row, openers)
    events.tell(session, TenderPublished(actor.community_id, row.id))


def _tell_published(session: Session, row: Tender, openers: tuple[tuple[int, bytes], ...]) -> None:
    assert row.deadline is not None
    told = {
        "tender": row.id,
        "number": row.number,
        "attempt": row.attempt,
        "project": row.project_id,
        "method": row.method.value,
        "level": row.level.value,
        "deadline": row.deadline.isoformat(),
        "content": row.content_hash,
        "openers": [key.hex() for _, key in openers],
        "threshold": row.opener_threshold,
    }
    transparency.publish(session, row.community_id, PUBLISHED, told, row.id)


def _check_whole(session: Session, row: Tender) -> None:
    """Refuse a tender that a bidder could not work with. Raises: DocumentsMissing, WeightsWrong."""
    documents = session.scalar(
        select(func.count()).where(
            TenderDocument.community_id == row.community_id, TenderDocument.tender_id == row.id
        )
    )
    if not documents and len(row.text.strip()) < SHORTEST_TEXT:
        raise DocumentsMissing
    criteria = session.scalar(
        select(func.count()).where(
            TenderCriterion.community_id == row.community_id, TenderCriterion.tender_id == row.id
        )
    )
    if row.method in SEALED_METHODS and not criteria:
        raise WeightsWrong(sum=0)


def _check_days(session: Session, row: Tender) -> None:
    """Refuse a deadline nearer than the rule set asks. Raises: TimeTooShort."""
    kind = load_project(session, Actor.system(row.community_id), row.project_id).kind.value
    terms = tender_terms(session, row.community_id, kind, clock.today())[row.method]
    earliest = clock.now() + timedelta(days=terms.bidding_days)
    assert row.deadline is not None
    if row.deadline < earliest or row.deadline <= clock.now():
        raise TimeTooShort(days=terms.bidding_days, earliest=shanghai(earliest), basis=terms.basis)


def _openers_with_keys(session: Session, row: Tender) -> tuple[tuple[int, bytes], ...]:
    """Give the openers with the keys they have registered by now. Raises: OpenerWithoutKey."""
    if row.level is not BoxLevel.L2:
        return ()
    people = tuple(
        session.scalars(
            select(TenderOpener.person_id)
            .where(TenderOpener.community_id == row.community_id, TenderOpener.tender_id == row.id)
            .order_by(TenderOpener.person_id)
        )
    )
    keys = sealing.opener_keys(session, row.community_id, people)
    missing = [person for person in people if person not in keys]
    if missing:
        cards = identity.people(session, row.community_id, tuple(missing))
        raise OpenerWithoutKey(names="、".join(card.name for card in cards.values()))
    return tuple((person, keys[person].public_key) for person in people)


def _checkers(session: Session, community_id: int) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for role in permissions.CHECK_TENDER.roles:
        found.update(dict.fromkeys(identity.people_with_role(session, community_id, role)))
    return tuple(found)


def shanghai(instant: datetime) -> str:
    """Write a moment for a refusal's sentence."""
    return instant.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
