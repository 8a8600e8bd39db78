"""Sealing in the background: every round of a runner, each community that has records waiting."""

from __future__ import annotations

from community.kernel import jobs
from community.transparency.service.background import seal_waiting
from community.transparency.service.private import publish_private_roots
from community.transparency.service.witnessing import run_witness


def register() -> None:
    """Register it; `app.py` does so once."""
    jobs.every_task("transparency.seal", 0, seal_waiting)
    jobs.every("transparency.private_roots", 5, publish_private_roots)
    jobs.every_task("transparency.witness", 60, run_witness)
