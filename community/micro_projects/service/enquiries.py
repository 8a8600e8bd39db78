"""Questions and answers without names, and changes of a published tender for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from community import identity, notices, sealing, transparency
from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.permissions import Role
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import (
    DeadlineEarlier,
    DeadlineTooNear,
    QuestionAnswered,
    QuestionNotFound,
    QuestionsOver,
    WordsNameSomebody,
)
from community.micro_projects.events import EnquiryAnswered, TenderAmended
from community.micro_projects.models import Tender, TenderAmendment, TenderQuestion
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.service.bidders import own_organization
from community.micro_projects.service.publishing_tenders import shanghai
from community.micro_projects.service.tender_drafts import keep_document
from community.micro_projects.service.tender_steps import (
    load_tender,
    lock_tender,
    phase_of,
    wrong_state,
)

AMENDED = "tender.amended"
GOING = frozenset({TenderState.ENQUIRY, TenderState.BIDDING})


def ask_question(session: Session, actor: Actor, tender_id: int, words: str) -> int:
    """Ask about a tender; nobody is shown who asked, and the words must not tell it.

    Raises: TenderNotFound, NotABidder, TenderStateWrong, QuestionsOver, WordsNameSomebody.
    """
    actor.check(permissions.BID.code)
    organization_id = own_organization(session, actor)
    row = load_tender(session, actor, tender_id)
    if phase_of(row) not in GOING or row.published_at is None:
        raise wrong_state(row)
    if row.questions_until is not None and clock.now() >= row.questions_until:
        raise QuestionsOver(until=shanghai(row.questions_until))
    _check_words(session, actor, words, organization_id)
    kept = TenderQuestion(
        community_id=actor.community_id,
        tender_id=row.id,
        organization_id=organization_id,
        asked_by=actor.person_id,
        words=words,
        asked_at=clock.now(),
    )
    session.add(kept)
    session.flush()
    title = say(N_("有供应商提问等您答复"))
    body = say(N_("第 {number} 号招标“{title}”：{words}"), number=row.number, title=row.title,
               words=words)  # fmt: skip
    if row.drafted_by is not None:
        link = f"desk/tenders/{row.id}"
        notices.send(session, actor, row.drafted_by, title, body, link, kind="todo")
    return kept.id


def answer_question(session: Session, actor: Actor, question_id: int, answer: str) -> None:
    """Answer a question for everybody; question and answer appear together.

    Raises: QuestionNotFound, QuestionAnswered, TenderStateWrong, WordsNameSomebody.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    kept = session.get(TenderQuestion, question_id)
    if kept is None or kept.community_id != actor.community_id:
        raise QuestionNotFound
    row = lock_tender(session, actor, kept.tender_id)
    if phase_of(row) not in GOING:
        raise wrong_state(row)
    if kept.answered_at is not None:
        raise QuestionAnswered
    _check_words(session, actor, answer, kept.organization_id)
    kept.answer, kept.answered_by, kept.answered_at = answer, actor.person_id, clock.now()
    session.flush()
    events.tell(session, EnquiryAnswered(actor.community_id, kept.id))


def amend_tender(
    session: Session,
    actor: Actor,
    tender_id: int,
    words: str,
    deadline: datetime | None = None,
    uploads: tuple[files.Ready, ...] = (),
) -> int:
    """Change a published tender; bids made before are to be confirmed by their bidders.

    Every organization at work here is told alike, so that nobody learns who has bid.
    Raises: TenderNotFound, TenderStateWrong, DeadlineEarlier, DeadlineTooNear, WordsNameSomebody.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    row = lock_tender(session, actor, tender_id)
    if row.published_at is None or phase_of(row) not in GOING:
        raise wrong_state(row)
    assert row.deadline is not None
    before, after = row.deadline, deadline or row.deadline
    _check_words(session, actor, words, None)
    _check_deadline(row, before, after)
    number = row.amendments + 1
    kept = TenderAmendment(
        community_id=actor.community_id,
        tender_id=row.id,
        number=number,
        words=words,
        deadline_before=before,
        deadline_after=after,
        amended_by=actor.person_id,
        amended_at=clock.now(),
    )
    session.add(kept)
    row.amendments, row.deadline = number, after
    session.flush()
    for upload in uploads:
        keep_document(session, actor, row, upload.name, upload, number)
    if after > before:
        assert row.box_id is not None
        sealing.extend_box(session, actor, row.box_id, after)
    _tell_amended(session, row, words, uploads)
    _tell_organizations(session, actor, row, words)
    events.tell(session, TenderAmended(actor.community_id, kept.id))
    return number


def _tell_amended(
    session: Session, row: Tender, words: str, uploads: tuple[files.Ready, ...]
) -> None:
    assert row.deadline is not None
    told = {
        "tender": row.id,
        "amendment": row.amendments,
        "words": words,
        "deadline": row.deadline.isoformat(),
        "files": [each.sha256 for each in uploads],
    }
    transparency.publish(session, row.community_id, AMENDED, told, row.id)


def _check_deadline(row: Tender, before: datetime, after: datetime) -> None:
    if after < before:
        raise DeadlineEarlier
    earliest = clock.now() + timedelta(days=row.amendment_days)
    if after < earliest:
        raise DeadlineTooNear(days=row.amendment_days, earliest=shanghai(earliest))


def _check_words(session: Session, actor: Actor, words: str, organization_id: int | None) -> None:
    """Refuse public words that name a person, or the organization that asks."""
    found = identity.find_personal_words(session, actor.community_id, words)
    if found is not None:
        raise WordsNameSomebody(found=say(found))
    if organization_id is None:
        return
    for firm in identity.organizations(
        session, actor.community_id, organization_id=organization_id
    ):
        if firm.name in words or (firm.credit_code and firm.credit_code in words):
            raise WordsNameSomebody(found=say(N_("您单位的名称")))


def _tell_organizations(session: Session, actor: Actor, row: Tender, words: str) -> None:
    title = say(N_("招标有更正，已投标的请重新确认"))
    body = say(N_("第 {number} 号招标“{title}”：{words}"), number=row.number, title=row.title,
               words=words)  # fmt: skip
    people = identity.people_with_role(session, actor.community_id, Role.ORGANIZATION)
    for person_id in people:
        notices.send(
            session, actor, person_id, title, body, f"projects/tenders/{row.id}", kind="change"
        )
