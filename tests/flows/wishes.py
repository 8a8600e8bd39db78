"""A need of the older resident, as several tests here want one."""

from __future__ import annotations

from datetime import timedelta

from community.kernel import clock
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.service.needs import NeedDraft
from tests.volunteering.neighbours import Neighbours


def need_draft(street: Neighbours, words: str = "中午送饭上门") -> NeedDraft:
    """Ask for a meal in three hours, for an hour."""
    soon = clock.now() + timedelta(hours=3)
    return NeedDraft(street.granny, ServiceKind.MEAL, words, "3 号楼 301", soon, 60)
