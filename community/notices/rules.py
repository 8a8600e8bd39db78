"""Periods, quiet hours and answers decided on plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from community.kernel import clock
from community.kernel.errors import N_
from community.notices.errors import (
    NoticeNotOpen,
    NoticeOver,
    NoticeWithdrawn,
    PeriodReversed,
    PeriodTooShort,
    PostingTimeWrong,
)

DAY_MINUTES = 24 * 60
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
ANSWER_WORKING_DAYS = 5
QUIET_FROM = 22 * 60
QUIET_UNTIL = 7 * 60


class MessageKind(StrEnum):
    """What a message asks of its reader."""

    INFO = "info"
    TO_DO = "todo"
    CHANGE = "change"
    WARNING = "warning"


class NoticeKind(StrEnum):
    """What a notice is about, in the words residents use."""

    GENERAL = "general"
    MONEY = "money"
    VOTE = "vote"
    VOLUNTEERING = "volunteering"
    HONOUR = "honour"
    PROJECT = "project"
    PROPERTY = "property"


class NoticePhase(StrEnum):
    """Where a notice stands by the clock; no job moves it."""

    COMING = "coming"
    OPEN = "open"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What became of an objection."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    NOTED = "noted"


KIND_TITLES: dict[NoticeKind, str] = {
    NoticeKind.GENERAL: N_("一般公示"),
    NoticeKind.MONEY: N_("收支公示"),
    NoticeKind.VOTE: N_("表决公示"),
    NoticeKind.VOLUNTEERING: N_("志愿服务公示"),
    NoticeKind.HONOUR: N_("评优公示"),
    NoticeKind.PROJECT: N_("微实事公示"),
    NoticeKind.PROPERTY: N_("物业公示"),
}
PHASE_TITLES: dict[NoticePhase, str] = {
    NoticePhase.COMING: N_("即将公示"),
    NoticePhase.OPEN: N_("公示中"),
    NoticePhase.ARCHIVED: N_("已归档"),
    NoticePhase.WITHDRAWN: N_("已撤回"),
}
OUTCOME_TITLES: dict[Outcome, str] = {
    Outcome.UPHELD: N_("异议成立"),
    Outcome.REJECTED: N_("异议不成立"),
    Outcome.NOTED: N_("已记录"),
}
MESSAGE_TITLES: dict[MessageKind, str] = {
    MessageKind.INFO: N_("通知"),
    MessageKind.TO_DO: N_("要办的事"),
    MessageKind.CHANGE: N_("有变动"),
    MessageKind.WARNING: N_("请注意"),
}


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A notice before it is out; its period is half-open: [opens_at, closes_at).

    `least_days` is what the publisher's own rules ask for; 0 asks for nothing.
    """

    title: str
    body: str
    kind: NoticeKind
    opens_at: datetime
    closes_at: datetime
    subject: str = ""
    contact: str = ""
    least_days: int = 0
    replaces_id: int | None = None


def check_period(draft: NoticeDraft) -> None:
    """Refuse a period that ends before it begins or is shorter than it must be.

    Raises: PeriodReversed, PeriodTooShort.
    """
    if draft.closes_at <= draft.opens_at:
        raise PeriodReversed
    if draft.closes_at - draft.opens_at < timedelta(days=draft.least_days):
        raise PeriodTooShort(least_days=draft.least_days)


def phase_of(
    opens_at: datetime, closes_at: datetime, withdrawn_at: datetime | None, now: datetime
) -> NoticePhase:
    """Tell where a notice stands at an instant."""
    if withdrawn_at is not None and withdrawn_at <= now:
        return NoticePhase.WITHDRAWN
    if now < opens_at:
        return NoticePhase.COMING
    return NoticePhase.OPEN if now < closes_at else NoticePhase.ARCHIVED


def check_may_object(phase: NoticePhase, opens_at: datetime) -> None:
    """Refuse an objection outside the notice's period.

    Raises: NoticeWithdrawn, NoticeNotOpen, NoticeOver.
    """
    if phase is NoticePhase.WITHDRAWN:
        raise NoticeWithdrawn
    if phase is NoticePhase.COMING:
        raise NoticeNotOpen(opens_at=f"{opens_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}")
    if phase is NoticePhase.ARCHIVED:
        raise NoticeOver


def check_posting_time(posted_at: datetime, published_at: datetime, now: datetime) -> None:
    """Refuse a posting in the future, or on a day before the notice was published.

    Raises: PostingTimeWrong.
    """
    if posted_at > now or clock.day_of(posted_at) < clock.day_of(published_at):
        raise PostingTimeWrong


def mask_numbers(text: str) -> str:
    """Mask phone numbers that somebody wrote into a text everybody reads."""
    return _MOBILE.sub(r"\1****\2", text)


def after_quiet_hours(now: datetime, quiet_from: int, quiet_until: int) -> datetime:
    """Tell when a message may ring: now, or the end of the quiet hours it falls into.

    Minutes of the Shanghai day; `quiet_from` = `quiet_until` means never quiet, and a span may
    cross midnight.
    """
    local = now.astimezone(clock.SHANGHAI)
    minute = local.hour * 60 + local.minute
    crosses = quiet_from > quiet_until
    is_quiet = (
        minute >= quiet_from or minute < quiet_until
        if crosses
        else quiet_from <= minute < quiet_until
    )
    if not is_quiet:
        return now
    day = clock.day_of(now)
    if crosses and minute >= quiet_from:
        day += timedelta(days=1)
    return clock.at(day, quiet_until // 60, quiet_until % 60)
