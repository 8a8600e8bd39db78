"""The kernel's own tidy-ups, registered once by `app.py`."""

from __future__ import annotations

from community.kernel import files, jobs, outbox


def register() -> None:
    """Register them."""
    jobs.every_task("kernel.deliver_messages", 0, outbox.deliver_due)
    jobs.every("kernel.forget_old_messages", 24 * 60, outbox.forget_old_messages)
    jobs.daily("kernel.remove_orphan_files", 4, files.remove_orphans)
