"""An invented contracting process, told step by step as it happens."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from community.micro_projects.open_contracting import facts
from community.micro_projects.open_contracting.canonical import Json, read_json, write_json
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.open_contracting.writing import write_process, write_release
from tests.architecture.house import ROOT

OCID = "ocds-213czf-guihua-P2026-001-1"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DEADLINE = START + timedelta(days=10)
OPENED = DEADLINE + timedelta(hours=1)
COMMUNITY = facts.Organization("org-buyer", "桂花社区居民委员会")
LOW = facts.Organization("org-7", "清和园艺服务部", "91440300MA5EXAMPLE"[:18])
HIGH = facts.Organization("org-8", "明亮物业服务有限公司")
BARRED = facts.Organization("org-9", "快手工程队")
SHA = "ab" * 32


def find_schemas() -> Path | None:
    """Find the folder of the standard's schemas: no part of the project, perhaps beside it."""
    told = os.environ.get("OCDS_SCHEMAS")
    beside = [Path(told)] if told else sorted(ROOT.parent.glob("*/data/ocds"))
    return next((each for each in beside if (each / "profile/release-schema.json").is_file()), None)


def schema_folder() -> Path:
    """Give the folder of the standard's schemas, or skip the test."""
    found = find_schemas()
    if found is None:
        pytest.skip("the standard's schemas are not here: set OCDS_SCHEMAS to their folder")
    return found


def days(count: int) -> datetime:
    return START + timedelta(days=count)


def published() -> facts.Process:
    """A tender with one question, before its deadline."""
    plan = facts.Plan(
        "P2026-001", "儿童角改造", "老人孩子没有地方坐", 9_500_000, (("福彩", 9_500_000),)
    )
    tender = facts.Tender(
        "P2026-001-1",
        "儿童角改造",
        "active",
        "open",
        category="works",
        value_fen=9_500_000,
        bidding=(START, DEADLINE),
        enquiry=(START, days(5)),
        criteria_kind="ratedCriteria",
        criteria=(facts.Criterion("quality", "技术", 85), facts.Criterion("price", "价格", 15)),
        files=(facts.File("d1", "招标文件", "biddingDocuments", SHA, START),),
        questions=(facts.Question("q1", days(1), "能否夜间施工？"),),
    )
    return facts.Process(COMMUNITY, plan, tender)


def opened() -> facts.Process:
    """Three bids, one of them disqualified, scored."""
    process = published()
    score = facts.Score("s1", "technical", 8_050, 8_500, "1")
    total = facts.Score("s2", "total", 9_550, 10_000)
    bids = (
        facts.Bid("b1", LOW, days(3), "valid", 8_800_000, rank=1, scores=(score, total)),
        facts.Bid("b2", HIGH, days(4), "valid", 9_500_000, rank=2),
        facts.Bid("b3", BARRED, days(5), "disqualified", 7_000_000, reason="资质过期"),
    )
    answered = replace(process.tender.questions[0], answer="可以", answered_at=days(2))
    tender = replace(
        process.tender,
        opened_at=OPENED,
        questions=(answered,),
        amendments=(facts.Amendment("a1", days(2), "图纸有误", "换了第三页"),),
    )
    return replace(process, tender=tender, bids=bids)


def awarded() -> facts.Process:
    """The best bid, noticed and then final after a rejected objection."""
    process = opened()
    complaint = facts.Complaint(
        "c1",
        "objection",
        "rejected",
        days(13),
        "价格分算错",
        date(2026, 3, 20),
        "复核无误",
        days(14),
    )
    award = facts.Award(
        "w1", LOW, "active", days(12), 8_800_000, reason="综合得分最高", bid_id="b1",
        complaints=(complaint,),
    )  # fmt: skip
    return replace(process, tender=replace(process.tender, status="complete"), awards=(award,))


def contracted() -> facts.Process:
    """Signed, in three instalments that add up to the fen."""
    milestones = tuple(
        facts.Milestone(f"m{number}", f"第 {number} 期", "scheduled", fen, date(2026, 5, number))
        for number, fen in ((1, 2_933_040), (2, 2_933_040), (3, 2_933_920))
    )
    contract = facts.Contract(
        "k1", "w1", LOW, "儿童角改造合同", "active", 8_800_000, days(20),
        (date(2026, 3, 25), date(2026, 6, 30)), milestones=milestones,
        files=(facts.File("d2", "合同", "contractSigned", SHA, days(20)),),
    )  # fmt: skip
    return replace(awarded(), contracts=(contract,))


def paid() -> facts.Process:
    """The first part accepted and paid."""
    process = contracted()
    (contract,) = process.contracts
    first = replace(contract.milestones[0], status="met", met_at=days(40))
    payment = facts.Payment("p1", days(41), first.amount_fen, "m1")
    milestones = (first, *contract.milestones[1:])
    return replace(
        process, contracts=(replace(contract, milestones=milestones, payments=(payment,)),)
    )


STEPS = ((0, published), (11, opened), (12, awarded), (20, contracted), (41, paid))


def releases_of(*steps: tuple[int, facts.Process]) -> list[Json]:
    """Publish a process step by step, each release as it is read again from its bytes."""
    told: list[Json] = []
    for day, process in steps:
        before = compile_release(told) if told else {}
        release = write_release(OCID, len(told) + 1, days(day), before, write_process(process))
        if release is not None:
            told.append(read_json(write_json(release)))
    return told


def whole_story() -> list[Json]:
    return releases_of(*((day, step()) for day, step in STEPS))
