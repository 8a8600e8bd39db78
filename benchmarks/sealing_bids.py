"""Sealing a bid of 5 MB in a real browser, and opening fifty bids on the server."""

from __future__ import annotations

import base64
import os
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from playwright.sync_api import sync_playwright
from sqlalchemy import create_engine
from werkzeug.serving import make_server

from benchmarks.harness import Row, at_most, scratch
from community import sealing
from community.app import create_app
from community.kernel import clock, db
from community.kernel.tables import Base
from community.sealing.rules import envelope
from community.sealing.rules.header import Binding
from tests.browser import QUIET, find_chromium
from tests.sealing.scene import Scene, make_box

BIDS = 50
BID_BYTES = 5_000_000
OPENED_BYTES = 500_000
OPENERS, K = 5, 3
ROUNDS = 5
SEALING_SECONDS = 2.0
OPENING_SECONDS = 5.0
SECOND = 1_000_000_000

# The content is drawn in the browser, a form's fields and a file: what a bidder's page does.
IN_THE_BROWSER = """
  async ([points, length]) => {
    const { gather } = await import('/static/js/sealing/content.js');
    const { seal } = await import('/static/js/sealing/envelope.js');
    const { fromBase64 } = await import('/static/js/sealing/bytes.js');
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 65536) {
      crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65536, length)));
    }
    const file = new File([bytes], 'bid.pdf', { type: 'application/pdf' });
    const field = { dataset: { sealed: 'files', kind: 'files' }, files: [file] };
    const binding = { token: 'ab'.repeat(16), subject: 'tender:5', owner: 'bid:12', k: 3,
      openers: points.map((each) => fromBase64(each, 65)) };
    const began = performance.now();
    const { content } = await gather([field]);
    const { envelope } = await seal(content, binding);
    return [Math.round(performance.now() - began), envelope.length];
  }
"""


def run_sealing() -> list[Row]:
    """Seal a 5 MB file in Chromium several times, and take the slowest after the first."""
    points = [envelope.public_of(ec.generate_private_key(envelope.CURVE)) for _ in range(OPENERS)]
    told = [[base64.b64encode(each).decode() for each in points], BID_BYTES]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        server = make_server("127.0.0.1", 0, _site(Path(folder)), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = started.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/verify")
        taken = [page.evaluate(IN_THE_BROWSER, told) for _ in range(ROUNDS)]
        browser.close()
        server.shutdown()
    slowest = max(milliseconds for milliseconds, _ in taken) / 1_000
    middle = median(milliseconds for milliseconds, _ in taken) / 1_000
    told_row = at_most(
        "sealing a 5 MB bid to 5 openers in the browser, slowest of five",
        SEALING_SECONDS,
        slowest,
        "s",
        median_s=middle,
        envelope_bytes=taken[0][1],
    )
    return [told_row]


def run_opening() -> list[Row]:
    """Open fifty bids by three openers' shares and read them all: small ones, and of 5 MB each."""
    return [_opening(size) for size in (OPENED_BYTES, BID_BYTES)]


def _opening(size: int) -> Row:
    with scratch() as folder:
        app = _site(folder)
        with clock.fixed(clock.now()):
            scene = make_box(sealing.BoxLevel.L2, openers=OPENERS, k=K)
            binding = scene.view().binding("")
            for number in range(BIDS):
                owner = f"bid:{number}"
                bound = Binding(binding.token, binding.subject, owner, K, binding.openers)
                scene.put(owner, envelope.seal(os.urandom(size), bound).envelope)
        busy = time.process_time_ns()
        with clock.fixed(scene.deadline + timedelta(seconds=1)):
            given, read = _open(scene)
        busy = time.process_time_ns() - busy
        app.extensions["community_database"].close()
    whole = (given + read) / SECOND
    return at_most(
        f"opening fifty bids of {size // 1_000} KB by three openers and reading them",
        OPENING_SECONDS,
        whole,
        "s",
        commands_s=given / SECOND,
        reading_s=read / SECOND,
        processor_s=busy / SECOND,
    )


def _open(scene: Scene) -> tuple[int, int]:
    # What openers' browsers do beforehand is theirs; the server takes, combines and reads.
    shares = {place: scene.shares(place) for place in range(1, K + 1)}
    began = time.perf_counter_ns()
    for place, given in shares.items():
        db.write(sealing.give_shares, scene.opener(place), scene.box_id, given)
    between = time.perf_counter_ns()
    opened = 0
    with db.read() as session:
        for each in sealing.each_content(session, scene.community_id, scene.box_id):
            assert each.content is not None
            assert each.how is sealing.HowOpened.OPENERS
            opened += 1
    assert opened == BIDS
    return between - began, time.perf_counter_ns() - between


def _site(folder: Path) -> Flask:
    url = f"sqlite:///{folder / 'community.sqlite3'}"
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
    return create_app(
        {
            "TESTING": True,
            "INSTANCE": folder,
            "DATABASE_URL": url,
            "SECRET_KEY": "benchmark-only-secret-key-of-enough-length",
            "RATELIMIT_ENABLED": False,
        }
    )
