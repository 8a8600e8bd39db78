"""Check-in over HTTP with 32 scanners at once, beside a bare view on the same server."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.arms import SCANNERS, load, request, served
from benchmarks.books import make_tables
from benchmarks.harness import Row
from benchmarks.served import product
from community.identity.models import Membership, Person
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.kernel.tables import Base
from community.volunteering import ActivityDraft, ServiceKind, ShiftDraft, add_shift, open_activity
from community.volunteering.models import SignUp
from community.volunteering.queries import scans
from community.volunteering.rules import codes
from community.volunteering.rules.codes import CodeKind
from community.volunteering.rules.states import SignUpState
from tests import builders

ROUNDS = 5
# A round goes through as many shifts as the scanners can check in; a large one has 300 people.
PEOPLE = 300
SHIFTS_A_ROUND = 14
REACH = 0.5
P99_MS = 50.0


def run() -> list[Row]:
    """Run the arms in turn and give rates, percentiles and the ratio."""
    os.environ["BENCH_KEY"] = secrets.token_hex(32)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        os.environ["BENCH_FOLDER"] = folder
        check_ins = iter(_fill(Path(folder)))
        ports = {
            "check_in": servers.enter_context(served("product", "1")),
            "bare": servers.enter_context(served("bare", "1")),
            "no_file_lock": servers.enter_context(served("product", "0")),
        }
        rounds: dict[str, list[dict[str, Any]]] = {arm: [] for arm in ports}
        # Statements are compiled and caches filled before anything counts.
        for arm, port in ports.items():
            load(port, bare_requests() if arm == "bare" else next(check_ins))
        for _ in range(ROUNDS):
            for arm, port in ports.items():
                requests = bare_requests() if arm == "bare" else next(check_ins)
                rounds[arm].append(load(port, requests))
    return _rows(rounds)


def _rows(rounds: dict[str, list[dict[str, Any]]]) -> list[Row]:
    pairs = zip(rounds["check_in"], rounds["bare"], strict=True)
    ratio = median(ours["a_second"] / floor["a_second"] for ours, floor in pairs)
    figures = {
        f"{arm}_{figure}": median(each[figure] for each in found)
        for arm, found in rounds.items()
        for figure in ("a_second", "p50_ms", "p99_ms")
    }
    return [
        Row(
            f"check-in over HTTP, {SCANNERS} scanners at once, beside a bare view",
            f">= {REACH} x",
            f"{ratio:.2f} x ({figures['check_in_a_second']:.0f} beside"
            f" {figures['bare_a_second']:.0f} a second)",
            ratio >= REACH,
            figures | {"ratio": ratio},
        ),
        Row(
            "p99 of a check-in, and with the file lock off",
            f"<= {P99_MS:.0f} ms",
            f"{figures['check_in_p99_ms']:.0f} ms; lock off {figures['no_file_lock_p99_ms']:.0f} ms"
            f" at {figures['no_file_lock_a_second']:.0f} a second",
            figures["check_in_p99_ms"] <= P99_MS,
        ),
    ]


def _fill(folder: Path) -> list[list[bytes]]:
    """Make a community with a shift for each round, everybody signed up; give the requests."""
    make_tables(f"sqlite:///{folder / 'community.db'}")
    app = product()
    with app.app_context():
        community = builders.make_community()
        leader = builders.make_person(community, "陈立", roles=(Role.LEADER,))
        people = _insert_people(community)
        shifts = _make_shifts(community, leader, people)
        client = app.test_client()
        builders.sign_in(client, leader)
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        page = client.get(f"/c/guihua/shifts/{shifts[0]}/scanner").get_data(as_text=True)
        token = page.split('data-csrf="', 1)[1].split('"', 1)[0]
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        with db.read() as session:
            key = scans.newest_key(db.statements(session), community, CodeKind.PERSONAL)
        assert key is not None
        texts = [
            codes.PERSONAL_PATH
            + codes.write_personal(codes.PersonalCode(key.number, community, each, 0), key.secret)
            for each in people
        ]
    app.extensions["community_database"].close()
    rounds = [shifts[at : at + SHIFTS_A_ROUND] for at in range(0, len(shifts), SHIFTS_A_ROUND)]
    head = f"Cookie: {cookie.key}={cookie.value}\r\nX-CSRFToken: {token}\r\n"
    return [
        [
            request(f"/c/guihua/shifts/{shift}/scans", head, _scan(text))
            for shift in shifts
            for text in texts
        ]
        for shifts in rounds
    ]


def _scan(text: str) -> dict[str, str]:
    return {"code": f"HTTPS://A.EXAMPLE{text}", "direction": "in", "nonce": secrets.token_hex(8)}


def _insert_people(community: int) -> list[int]:
    now = clock.now()
    ids = list(range(1_000, 1_000 + PEOPLE))
    insert_rows(Person, [{"id": each, "name": f"志愿者{each}", "made_at": now} for each in ids])
    joined = {"community_id": community, "joined_at": now}
    insert_rows(Membership, [{"person_id": each, **joined} for each in ids])
    return ids


def insert_rows(table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert many rows by one statement."""

    def insert_rows(session: Session, actor: Actor) -> None:
        session.execute(insert(table), rows)

    db.write(insert_rows, Actor.system(0))


def _make_shifts(community: int, leader: int, people: list[int]) -> list[int]:
    actor, starts = builders.actor(community, leader), clock.now() + timedelta(minutes=5)
    draft = ActivityDraft(
        "周六社区清洁", ServiceKind.ENVIRONMENT, "居委会", "3 号楼", leader_ids=(leader,)
    )
    activity = db.write(open_activity, actor, draft)
    made = [
        db.write(
            add_shift, actor, activity, ShiftDraft(starts, starts + timedelta(hours=2), PEOPLE)
        )
        for _ in range(SHIFTS_A_ROUND * (ROUNDS + 1) * 2)
    ]
    rows = [
        {
            "community_id": community,
            "shift_id": shift,
            "person_id": person,
            "state": SignUpState.SIGNED_UP,
            "signed_up_at": clock.now(),
        }
        for shift in made
        for person in people
    ]
    insert_rows(SignUp, rows)
    return made


def bare_requests() -> list[bytes]:
    """Write the requests of the bare view."""
    body = {"nonce": secrets.token_hex(8)}
    return [request("/insert", "", body)] * 20_000
