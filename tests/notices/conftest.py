"""A community with its people: staff, a resident, a neighbour, and an outsider elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.permissions import Role
from community.notices import NoticeDraft, NoticeKind, publish_notice
from tests import builders


@dataclass(frozen=True)
class Scene:
    community: int
    staff: int
    second_staff: int
    resident: int
    neighbour: int
    elsewhere: int
    outsider: int


@pytest.fixture
def scene(database: Database) -> Scene:
    here = builders.make_community()
    elsewhere = builders.make_community("lanting", "兰亭社区")
    staff = (Role.STAFF,)
    return Scene(
        community=here,
        staff=builders.make_person(here, "李干事", roles=staff),
        second_staff=builders.make_person(here, "周干事", roles=staff),
        resident=builders.make_person(here, "王秀英", phone="13800000001"),
        neighbour=builders.make_person(here, "赵建国", phone="13800000002"),
        elsewhere=elsewhere,
        outsider=builders.make_person(elsewhere, "钱外人", roles=staff),
    )


def draft(title: str = "十月收支公示", *, opens_in: int = 0, days: int = 7) -> NoticeDraft:
    opens_at = clock.now() + timedelta(days=opens_in)
    return NoticeDraft(
        title,
        "收入 100 元，支出 80 元。",
        NoticeKind.MONEY,
        opens_at,
        opens_at + timedelta(days=days),
    )


def publish(scene: Scene, wanted: NoticeDraft | None = None) -> int:
    made: int = db.write(
        publish_notice, builders.actor(scene.community, scene.staff), wanted or draft()
    )
    return made
