"""Two pages for machines: `/healthz` (is it up?) and `/metrics` (what does it do?)."""

from __future__ import annotations

import hmac
import ipaddress
import os
import time
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)
from sqlalchemy import text

from community.kernel import db
from community.web.access import UNCOUNTED, public

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
_NANO = 1_000_000_000


class Metrics:
    """The counters of one application in one process."""

    def __init__(self) -> None:
        if os.environ.get(MULTIPROCESS):
            # The library decides at import whether counters are shared between processes; ours
            # is imported by the command that only then names the folder and forks.
            values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "community_requests", "Answers", ["endpoint", "status"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "community_request_seconds",
            "Time to answer",
            ["endpoint"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
        )
        self.batch_commands = Histogram(
            "community_writer_batch_commands",
            "Commands that shared one commit",
            registry=self.registry,
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
        )
        self.commit_seconds = Histogram(
            "community_writer_commit_seconds",
            "Time of one durable commit",
            registry=self.registry,
            buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5),
        )

        self._counters: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def observe_answer(self, endpoint: str, status: int, nanoseconds: int | None) -> None:
        """Count one answer, and how long it took where that is known."""
        found = self._counters.get((endpoint, status))
        if found is None:
            answers = self.requests.labels(endpoint, str(status))
            found = answers, self.request_seconds.labels(endpoint)
            self._counters[endpoint, status] = found
        found[0].inc()
        if nanoseconds is not None:
            found[1].observe(nanoseconds / _NANO)

    def observe_commit(self, commands: int, nanoseconds: int) -> None:
        """Count one commit of the writer."""
        self.batch_commands.observe(commands)
        self.commit_seconds.observe(nanoseconds / _NANO)


monitoring = Blueprint("monitoring", __name__)


@monitoring.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer 200 once the database can be read."""
    with db.read() as session:
        session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@monitoring.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Answer the counters of all workers to this machine itself, or to who has the token."""
    if not _may_see_metrics():
        return Response("not found\n", 404, mimetype="text/plain")
    registry = metrics_of(current_app).registry
    if os.environ.get(MULTIPROCESS):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_see_metrics() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    # Behind a proxy everybody seems to come from this machine, so there only a token opens it.
    if current_app.config["PROXIES"] or "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def metrics_of(app: Flask) -> Metrics:
    """Give the counters of an application."""
    found: Metrics = app.extensions["community_metrics"]
    return found


def keep_metrics(app: Flask, kept: Metrics) -> Metrics:
    """Let an application count in these."""
    app.extensions["community_metrics"] = kept
    return kept


def init_monitoring(app: Flask) -> None:
    """Register the pages and count every answer by endpoint, never by address or person."""
    app.register_blueprint(monitoring)
    keep_metrics(app, Metrics())

    @app.before_request
    def _start() -> None:
        g.started_ns = time.monotonic_ns()

    @app.after_request
    def _count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        if getattr(current_app.view_functions.get(endpoint), UNCOUNTED, False):
            return response
        started: int | None = g.get("started_ns")
        taken = None if started is None else time.monotonic_ns() - started
        metrics_of(current_app).observe_answer(endpoint, response.status_code, taken)
        return response


def prepare_metrics_folder(instance: Path) -> dict[str, Any]:
    """Empty the folder in which the workers keep their counters, and name it for them."""
    folder = instance / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    for each in folder.glob("*.db"):
        each.unlink()
    return {MULTIPROCESS: str(folder)}
