"""Papers (凭证、报价、会议记录) that a matter rests on, kept by the hash of their bytes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from community.kernel import files
from community.kernel.actor import Actor

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Paper:
    """A file taken in, and what it is called."""

    title: str
    ready: files.Ready


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A kept file by its id and its hash."""

    title: str
    file_id: int
    sha256: str


def keep_papers(session: Session, actor: Actor, papers: tuple[Paper, ...]) -> tuple[KeptPaper, ...]:
    """Keep files of a command, the same bytes under one title once."""
    seen: dict[tuple[str, str], KeptPaper] = {}
    for paper in papers:
        title = (paper.title.strip() or paper.ready.name)[:LONGEST_TITLE]
        key = (title, paper.ready.sha256)
        if key not in seen:
            file_id = files.keep_file(session, actor, paper.ready)
            seen[key] = KeptPaper(title, file_id, paper.ready.sha256)
    return tuple(seen.values())
