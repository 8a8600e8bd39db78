"""Tidy-ups of tenders: the clock has judged already, these only write it down."""

from __future__ import annotations

from community.kernel import jobs
from community.micro_projects.service.freezing import discard_cancelled, freeze_due_tenders

MINUTES = 1


def register() -> None:
    """Freeze what is due, so that bidders need not wait for somebody to look."""
    jobs.every("micro_projects.freeze_tenders", MINUTES, freeze_due_tenders)
    jobs.every("micro_projects.discard_cancelled", 60, discard_cancelled)
