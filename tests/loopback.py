"""The application on a free port of this machine, for a browser or a program to visit.

`COMMUNITY_TEST_DELAY_MS=400 pytest -m browser` makes each answer that late: a story that does not
wait for what its press brings fails then every time, not only on a day when the machine is busy.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PROMPT = ("/static/", "/sw.js")
"""What a phone keeps after the first visit: not held up."""


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Serve an application on loopback and give its address."""
    delay = int(os.environ.get("COMMUNITY_TEST_DELAY_MS", "0"))
    server = make_server("127.0.0.1", 0, _answer_late(app, delay) if delay else app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer_late(app: Flask, delay_ms: int) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PROMPT):
            time.sleep(delay_ms / 1000)
        return app(environ, start_response)

    return answer
