"""Tidy-ups of proposals: notices that are over, ideas nobody carries on."""

from __future__ import annotations

from community.kernel import jobs
from community.micro_projects.service import refunding
from community.micro_projects.service.drives import fail_drives
from community.micro_projects.service.expiring import expire_projects
from community.micro_projects.service.voting import close_due_notices


def register() -> None:
    """Register them."""
    jobs.every("projects.notices", 60, close_due_notices)
    jobs.every("projects.expiry", 60, expire_projects)
    jobs.every("projects.drives", 60, fail_drives)
    jobs.register(refunding.KIND)
