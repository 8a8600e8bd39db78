"""What volunteering tidies up by the clock, and its long work; no decision waits for any of it."""

from __future__ import annotations

from community.kernel import jobs
from community.kernel.errors import N_
from community.volunteering.service import (
    attended_hours,
    exchange,
    keys,
    paper,
    points,
    roster,
    street_forms,
    waiting_list,
)


def register() -> None:
    """Register the tidy-ups and the long work; `app.py` does so once."""
    jobs.every("volunteering.waiting_lists", 5, waiting_list.tidy_waiting_lists)
    jobs.every("volunteering.forgotten_check_outs", 10, attended_hours.close_forgotten)
    jobs.every("volunteering.reminders", 15, roster.send_reminders)
    jobs.every("volunteering.paper_sheets", 60, paper.lapse_sheets)
    jobs.every("volunteering.scan_keys", 24 * 60, keys.rotate_scan_keys)
    jobs.every("volunteering.expired_points", 60, points.expire_points)
    jobs.every("volunteering.street_forms", 12 * 60, street_forms.start_due_forms)
    jobs.register(
        jobs.JobKind(
            exchange.JOB,
            N_("导入时长"),
            plan=exchange.plan_import,
            prepare=exchange.prepare_import,
            chunk=exchange.write_import,
            finish=exchange.finish_import,
        )
    )
    jobs.register(
        jobs.JobKind(
            street_forms.JOB,
            N_("填街道报表"),
            plan=street_forms.plan_filling,
            prepare=street_forms.prepare_filling,
            chunk=street_forms.write_filling,
        )
    )
