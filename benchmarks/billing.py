"""A month's bills for 10,000 units: counted, entered in the books, shown; the command and its job.

The estate is made by the same commands that the tests use.
"""

from __future__ import annotations

import time

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.books import make_tables, open_database
from benchmarks.harness import Row, at_most, scratch, sync_cost
from community import app as assembly
from community import identity, transparency
from community.identity import models
from community.kernel import clock, db, jobs
from community.kernel.actor import Actor
from community.trust_property.rules.bills import last_day, month_number
from community.trust_property.rules.estate import UnitUse
from community.trust_property.service import billing
from community.trust_property.service.estate import propose_rate, take_units
from tests.trust_property.acts import agree, working_scene
from tests.trust_property.scene import Scene

UNITS = 10_000
MOST_SECONDS = 2
RATE_FEN = 285


def run() -> list[Row]:
    """Measure from asking for the bills until the last is in the books; processor time beside."""
    with scratch() as folder:
        url = f"sqlite:///{folder}/bills.db"
        make_tables(url)
        database = open_database(url)
        transparency.attach(folder, "localhost")
        scene = _estate()
        month = month_number(clock.today())
        began, used = time.perf_counter_ns(), time.process_time_ns()
        bills = db.write(billing.prepare_bills, scene.firm, scene.fund_id, month, last_day(month))
        counted = time.perf_counter_ns()
        db.write(billing.post_bills, scene.firm, scene.fund_id, bills)
        jobs.run_due()
        ended, processor = time.perf_counter_ns(), time.process_time_ns()
        with database.read() as session:
            found = assembly.problems(session)
        assert not found, found[:3]
        database.close()
        sync = sync_cost(folder)
    return [
        at_most(
            f"bills of a month for {UNITS:,} units", MOST_SECONDS, (ended - began) / 1e9, "s",
            counting_ms=(counted - began) / 1e6, processor_ms=(processor - used) / 1e6,
            sync_us=sync,
        )
    ]  # fmt: skip


def _estate() -> Scene:
    """Make an estate of 10,000 units whose owners pay by area."""
    identity.use_permission_table(assembly.permission_table())
    scene = working_scene()
    db.write(_add_units, scene.staff, UNITS - 2)
    db.write(take_units, scene.staff, scene.fund_id)
    asked = (scene.fund_id, UnitUse.HOME, RATE_FEN, clock.today(), "物业合同")
    agree(scene, db.write(propose_rate, scene.firm, *asked))
    return scene


def _add_units(session: Session, actor: Actor, count: int) -> None:
    building = session.query(models.Building).filter_by(community_id=actor.community_id).first()
    assert building is not None
    rows = [
        {
            "community_id": actor.community_id,
            "building_id": building.id,
            "name": f"{number // 100}-{number % 100}",
            "area_centiares": 6_000 + number * 37 % 9_000,
        }
        for number in range(count)
    ]
    session.execute(insert(models.Unit), rows)
