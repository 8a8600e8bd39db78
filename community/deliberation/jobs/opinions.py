"""The job that draws opinion maps, and the tidy-up that asks for it."""

from __future__ import annotations

from community.deliberation.service.opinion_maps import KIND, tend_conversations
from community.kernel import jobs

MINUTES = 10

jobs.register(KIND)


def register() -> None:
    """Close what is over and redraw what has changed enough."""
    jobs.every("deliberation.tend_conversations", MINUTES, tend_conversations)
