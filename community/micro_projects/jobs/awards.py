"""Tidy-ups of awards and the register: what is over becomes final, what ends is warned of."""

from __future__ import annotations

from community.kernel import jobs
from community.micro_projects.service.awards import finalize_due_awards
from community.micro_projects.service.certificates import warn_of_certificates


def register() -> None:
    """Register them."""
    jobs.every("micro_projects.final_awards", 10, finalize_due_awards)
    jobs.every("micro_projects.certificates", 720, warn_of_certificates)
