"""Papers (凭证、报价、会议记录) that a matter rests on, kept by the hash of their bytes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property.errors.papers import TwinSame
from community.trust_property.models import PaperTwin
from community.trust_property.service.publishing import publish

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Paper:
    """A file taken in, what it is called, and its copy with personal data blacked out."""

    title: str
    ready: files.Ready
    twin: files.Ready | None = None


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A kept file by its id and its hash."""

    title: str
    file_id: int
    sha256: str


def keep_papers(session: Session, actor: Actor, papers: tuple[Paper, ...]) -> tuple[KeptPaper, ...]:
    """Keep files of a command, the same bytes under one title once.

    Raises: TwinSame.
    """
    seen: dict[tuple[str, str], KeptPaper] = {}
    for paper in papers:
        title = (paper.title.strip() or paper.ready.name)[:LONGEST_TITLE]
        key = (title, paper.ready.sha256)
        if key not in seen:
            file_id = files.keep_file(session, actor, paper.ready)
            seen[key] = KeptPaper(title, file_id, paper.ready.sha256)
            if paper.twin is not None:
                _keep_twin(session, actor, title, paper.ready, paper.twin)
    return tuple(seen.values())


def _keep_twin(
    session: Session, actor: Actor, title: str, original: files.Ready, twin: files.Ready
) -> None:
    """Keep the copy that everybody may see, and tell by which original's hash it goes."""
    if twin.sha256 == original.sha256:
        raise TwinSame
    known = select(PaperTwin.id).where(
        PaperTwin.community_id == actor.community_id,
        PaperTwin.original_sha256 == original.sha256,
        PaperTwin.sha256 == twin.sha256,
    )
    if session.scalar(known) is not None:
        return
    row = PaperTwin(
        community_id=actor.community_id,
        original_sha256=original.sha256,
        sha256=twin.sha256,
        file_id=files.keep_file(session, actor, twin),
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    told = {"title": title, "sha256": original.sha256, "redacted_sha256": twin.sha256}
    publish(session, actor, "twin", {**told, "twin": row.id})


transparency.name_kinds({"trust.twin": N_("凭证的公开副本")})
