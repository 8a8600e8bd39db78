"""Long work in resumable chunks and periodic tidy-ups; it does not know what the work is for."""

from community.kernel.jobs.commands import retry_job, start_job
from community.kernel.jobs.kinds import Budget, JobKind, Step, register
from community.kernel.jobs.models import Job, JobState, PeriodicJob
from community.kernel.jobs.periodic import daily, every, every_task
from community.kernel.jobs.queries import JobEnded, JobView, find_job, jobs_of
from community.kernel.jobs.runner import Runner, run_due

__all__ = [
    "Budget",
    "Job",
    "JobEnded",
    "JobKind",
    "JobState",
    "JobView",
    "PeriodicJob",
    "Runner",
    "Step",
    "daily",
    "every",
    "every_task",
    "find_job",
    "jobs_of",
    "register",
    "retry_job",
    "run_due",
    "start_job",
]
