"""What volunteering tidies up by the clock; no decision waits for any of it."""

from __future__ import annotations

from community.kernel import jobs
from community.volunteering.service import attended_hours, keys, paper, roster, waiting_list


def register() -> None:
    """Register the tidy-ups; `app.py` does so once."""
    jobs.every("volunteering.waiting_lists", 5, waiting_list.tidy_waiting_lists)
    jobs.every("volunteering.forgotten_check_outs", 10, attended_hours.close_forgotten)
    jobs.every("volunteering.reminders", 15, roster.send_reminders)
    jobs.every("volunteering.paper_sheets", 60, paper.lapse_sheets)
    jobs.every("volunteering.scan_keys", 24 * 60, keys.rotate_scan_keys)
