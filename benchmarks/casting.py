"""Casting 5,000 ballots over HTTP, each by its own voter, beside a bare view on the same server."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks.arms import SCANNERS, load, request, served
from benchmarks.check_in import bare_requests, insert_rows
from benchmarks.harness import Row
from benchmarks.served import product
from community import deliberation
from community.deliberation import PollDraft, PollKind, RollKind, Secrecy
from community.identity import models
from community.identity.rules.consents import text_of
from community.identity.service.sessions import begin_session
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.kernel.tables import Base
from tests import builders

BALLOTS = 5_000
ROUNDS = 3
REACH = 0.5
LONGEST = 60.0
CHOICES = ([[1, 1]], [[2, 1]], [[3, 1]])


def run() -> list[Row]:
    """Let 5,000 voters cast in each of several polls, and the bare view insert, in turn."""
    os.environ["BENCH_KEY"] = secrets.token_hex(32)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        os.environ["BENCH_FOLDER"] = folder
        polls = iter(_fill(Path(folder)))
        ours = servers.enter_context(served("product", "1"))
        floor = servers.enter_context(served("bare", "1"))
        # Statements are compiled and caches filled before anything counts.
        load(ours, next(polls)[:500])
        load(floor, bare_requests())
        cast, bare = [], []
        for _ in range(ROUNDS):
            cast.append(load(ours, next(polls), LONGEST))
            bare.append(load(floor, bare_requests()))
    return _rows(cast, bare)


def _rows(cast: list[dict[str, Any]], bare: list[dict[str, Any]]) -> list[Row]:
    ratio = median(
        each["a_second"] / floor["a_second"] for each, floor in zip(cast, bare, strict=True)
    )
    rate, floor_rate = (median(each["a_second"] for each in found) for found in (cast, bare))
    return [
        Row(
            f"casting {BALLOTS} ballots over HTTP, {SCANNERS} at once, beside a bare view",
            f">= {REACH} x",
            f"{ratio:.2f} x ({rate:.0f} beside {floor_rate:.0f} a second)",
            ratio >= REACH,
            {"ratio": ratio, "cast_a_second": rate, "bare_a_second": floor_rate}
            | {name: median(each[name] for each in cast) for name in ("p50_ms", "p99_ms")},
        )
    ]


def _fill(folder: Path) -> list[list[bytes]]:
    """Make a community whose voters are signed in, a running poll a round, and the requests."""
    engine = create_engine(f"sqlite:///{folder / 'community.db'}")
    Base.metadata.create_all(engine)
    engine.dispose()
    app = product()
    with app.app_context():
        community = builders.make_community()
        staff = builders.make_person(community, "周敏", roles=(Role.STAFF,))
        people = _make_voters(community)
        heads = _sign_in(app, people)
        polls = [_open_poll(builders.actor(community, staff), people) for _ in range(ROUNDS + 1)]
    app.extensions["community_database"].close()
    return [
        [
            request(
                f"/api/v1/c/guihua/deliberation/polls/{poll}/cast",
                head,
                {"pairs": CHOICES[place % 3]},
            )
            for place, head in enumerate(heads)
        ]
        for poll in polls
    ]


def _make_voters(community: int) -> list[int]:
    now = clock.now()
    ids = list(range(1_000, 1_000 + BALLOTS))
    insert_rows(
        models.Person, [{"id": each, "name": f"居民{each}", "made_at": now} for each in ids]
    )
    joined = {"community_id": community, "joined_at": now}
    insert_rows(models.Membership, [{"person_id": each, **joined} for each in ids])
    return ids


def _sign_in(app: Flask, people: list[int]) -> list[str]:
    """Give the headers of a session for each voter, as their browsers send them."""

    def begin(session: Session, actor: Actor) -> tuple[str, ...]:
        return tuple(
            begin_session(session, person, models.SignInWay.TESTS, "").token for person in people
        )

    for person in people[:1]:
        builders.agree(person)
    consent = _consents(people[1:])
    insert_rows(models.Consent, consent)
    tokens: tuple[str, ...] = db.write(begin, Actor.system(0))
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    signer = interface.get_signing_serializer(app)
    assert signer is not None
    kept = secrets.token_hex(20)
    forms = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(kept)
    name = app.config["SESSION_COOKIE_NAME"]
    return [
        f"Cookie: {name}={signer.dumps(_cookie(token, kept))}\r\nX-CSRFToken: {forms}\r\n"
        for token in tokens
    ]


def _cookie(token: str, kept: str) -> dict[str, Any]:
    return {"_user_id": token, "_fresh": True, "csrf_token": kept, "_permanent": True}


def _consents(people: list[int]) -> list[dict[str, Any]]:
    text = text_of("service", clock.today())
    return [
        {
            "person_id": person,
            "kind": models.ConsentKind.SERVICE,
            "version": text.version,
            "text_hash": text.hash,
            "given_at": clock.now(),
            "reference": "",
        }
        for person in people
    ]


def _open_poll(convener: Actor, people: list[int]) -> int:
    opens = clock.now() - timedelta(minutes=1)
    draft = PollDraft(
        PollKind.YES_NO,
        "楼道要不要装声控灯",
        "三号楼六个单元。",
        (),
        RollKind.LIST,
        opens,
        opens + timedelta(days=7),
        people=tuple(people),
        secrecy=Secrecy.SECRET,
    )
    poll: int = db.write(deliberation.draft_poll, convener, draft)
    db.write(deliberation.post_roll, convener, poll, len(people))
    with clock.fixed(opens - timedelta(days=1)):
        db.write(deliberation.freeze_poll, convener, poll, "", len(people))
    return poll
