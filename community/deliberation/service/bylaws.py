"""Commands of 管理规约 and 议事规则: draft by clause, and adopt by what was decided."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from community.deliberation.errors.bylaws import (
    AdoptionUnproved,
    BylawNotFound,
    DraftOpen,
    HeadingTooLong,
    NoClauses,
    NotADraft,
    NothingNew,
    NotPassed,
)
from community.deliberation.models import (
    Bylaw,
    BylawClause,
    BylawVersion,
    Motion,
    Poll,
    PollResult,
)
from community.deliberation.permissions import CONVENE
from community.deliberation.rules.bylaws import (
    LONGEST_HEADING,
    BylawKind,
    Clause,
    VersionState,
    split_clauses,
    text_hash,
)
from community.deliberation.rules.motions import MotionState
from community.deliberation.service.meeting_log import publish
from community.kernel import clock
from community.kernel.actor import Actor


def begin_bylaw(
    session: Session, actor: Actor, kind: BylawKind, title: str, text: str, reason: str
) -> int:
    """Begin a text of the community's own law with its first draft; gives its id.

    Raises: NotAllowed, NoClauses, DraftOpen for a title that is taken.
    """
    actor.check(CONVENE.code)
    clauses = _read(text)
    taken = select(Bylaw.id).where(Bylaw.community_id == actor.community_id, Bylaw.title == title)
    if session.scalar(taken) is not None:
        raise DraftOpen
    row = Bylaw(community_id=actor.community_id, kind=kind, title=title, made_at=clock.now())
    session.add(row)
    session.flush()
    _draft(session, actor, row.id, clauses, reason)
    return row.id


def draft_version(session: Session, actor: Actor, bylaw_id: int, text: str, reason: str) -> int:
    """Write the draft of a text, or write it anew; gives the version's number.

    Raises: NotAllowed, BylawNotFound, NoClauses, NothingNew.
    """
    actor.check(CONVENE.code)
    _load(session, actor, bylaw_id)
    clauses = _read(text)
    adopted = _version(session, actor, bylaw_id, VersionState.ADOPTED)
    if adopted is not None and adopted.text_sha256 == text_hash(clauses):
        raise NothingNew
    open_draft = _version(session, actor, bylaw_id, VersionState.DRAFT)
    if open_draft is None:
        return _draft(session, actor, bylaw_id, clauses, reason)
    session.execute(delete(BylawClause).where(BylawClause.version_id == open_draft.id))
    open_draft.text_sha256, open_draft.reason = text_hash(clauses), reason
    _write_clauses(session, actor, open_draft.id, clauses)
    session.flush()
    return open_draft.number


def adopt_version(
    session: Session,
    actor: Actor,
    bylaw_id: int,
    poll_id: int | None = None,
    motion_id: int | None = None,
    adopted_by_words: str = "",
) -> int:
    """Let the draft be in force, by a passed poll, a carried motion, or a decision in words.

    A poll or motion names the draft's hash in its text. Gives the version's number.
    Raises: NotAllowed, BylawNotFound, NotADraft, AdoptionUnproved, NotPassed.
    """
    actor.check(CONVENE.code)
    bylaw = _load(session, actor, bylaw_id)
    draft = _version(session, actor, bylaw_id, VersionState.DRAFT)
    if draft is None:
        raise NotADraft
    if poll_id is None and motion_id is None and not adopted_by_words.strip():
        raise AdoptionUnproved
    if poll_id is not None:
        _check_poll(session, actor, poll_id, draft)
    if motion_id is not None:
        _check_motion(session, actor, motion_id, draft)
    before = _version(session, actor, bylaw_id, VersionState.ADOPTED)
    if before is not None:
        before.state = VersionState.REPLACED
        session.flush()
    draft.poll_id, draft.motion_id = poll_id, motion_id
    draft.adopted_by_words, draft.adopted_on = adopted_by_words.strip(), clock.today()
    draft.state = VersionState.ADOPTED
    session.flush()
    told = {
        "bylaw": bylaw.id,
        "title": bylaw.title,
        "number": draft.number,
        "text_sha256": draft.text_sha256,
        "poll": poll_id or 0,
        "motion": motion_id or 0,
        "reference": draft.adopted_by_words,
    }
    publish(session, actor, "bylaw.adopted", draft.id, told)
    return draft.number


def _check_poll(session: Session, actor: Actor, poll_id: int, draft: BylawVersion) -> None:
    poll = session.get(Poll, poll_id)
    if poll is None or poll.community_id != actor.community_id:
        raise NotPassed
    result = session.scalar(
        select(PollResult).where(
            PollResult.community_id == actor.community_id, PollResult.poll_id == poll_id
        )
    )
    if result is None or not result.outcome.get("passed"):
        raise NotPassed
    if draft.text_sha256 not in poll.text:
        raise NotPassed


def _check_motion(session: Session, actor: Actor, motion_id: int, draft: BylawVersion) -> None:
    motion = session.get(Motion, motion_id)
    if motion is None or motion.community_id != actor.community_id:
        raise NotPassed
    if motion.state is not MotionState.CARRIED or draft.text_sha256 not in motion.final_words:
        raise NotPassed


def _read(text: str) -> tuple[Clause, ...]:
    clauses = split_clauses(text)
    if not clauses:
        raise NoClauses
    for each in clauses:
        if len(each.heading) > LONGEST_HEADING:
            raise HeadingTooLong(start=each.heading[:12], longest=LONGEST_HEADING)
    return clauses


def _load(session: Session, actor: Actor, bylaw_id: int) -> Bylaw:
    row = session.get(Bylaw, bylaw_id)
    if row is None or row.community_id != actor.community_id:
        raise BylawNotFound
    return row


def _version(
    session: Session, actor: Actor, bylaw_id: int, state: VersionState
) -> BylawVersion | None:
    found: BylawVersion | None = session.scalar(
        select(BylawVersion).where(
            BylawVersion.community_id == actor.community_id,
            BylawVersion.bylaw_id == bylaw_id,
            BylawVersion.state == state,
        )
    )
    return found


def _draft(
    session: Session, actor: Actor, bylaw_id: int, clauses: tuple[Clause, ...], reason: str
) -> int:
    last = session.scalar(
        select(func.max(BylawVersion.number)).where(
            BylawVersion.community_id == actor.community_id, BylawVersion.bylaw_id == bylaw_id
        )
    )
    row = BylawVersion(
        community_id=actor.community_id,
        bylaw_id=bylaw_id,
        number=int(last or 0) + 1,
        state=VersionState.DRAFT,
        reason=reason,
        text_sha256=text_hash(clauses),
        drafted_by=actor.person_id,
        drafted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _write_clauses(session, actor, row.id, clauses)
    session.flush()
    return row.number


def _write_clauses(
    session: Session, actor: Actor, version_id: int, clauses: tuple[Clause, ...]
) -> None:
    session.add_all(
        BylawClause(
            community_id=actor.community_id,
            version_id=version_id,
            position=position,
            heading=each.heading,
            words=each.words,
        )
        for position, each in enumerate(clauses, start=1)
    )
