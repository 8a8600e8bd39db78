"""The log's files as C2SP tlog-tiles asks: checkpoint, tiles, entry bundles, and receipts."""

from __future__ import annotations

from flask import Response, request

from community.kernel.errors import NotFound
from community.transparency import queries
from community.transparency.rules.tiles import ENTRIES, TILE_WIDTH, read_tile_path
from community.transparency.views.pages import views
from community.web.access import community, public
from community.web.extensions import db

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
# A whole tile never changes; a partial one is soon no longer asked for.
WHOLE = "public, max-age=31536000, immutable"
PARTIAL = "public, max-age=3600"
FRESH = "no-cache"


@views.get("/checkpoint")
@public
def checkpoint() -> Response:
    """Give the newest signed checkpoint with the witnesses' signatures."""
    found = queries.latest_checkpoint(db.session, community.id)
    if found is None:
        raise NotFound
    return _answer(found.note, TEXT, FRESH)


@views.get("/checkpoint/<int:size>")
@public
def older_checkpoint(size: int) -> Response:
    """Give the signed checkpoint of a size."""
    found = queries.find_checkpoint(db.session, community.id, size)
    if found is None:
        raise NotFound
    return _answer(found.note, TEXT, FRESH)


@views.get("/tile/<path:path>")
@public
def tile(path: str) -> Response:
    """Give a tile of hashes or a bundle of entries."""
    place = read_tile_path(f"tile/{path}")
    content = None if place is None else queries.find_tile(db.session, community.id, place)
    if place is None or content is None:
        raise NotFound
    answer = _answer(content, BYTES, WHOLE if place.width == TILE_WIDTH else PARTIAL)
    if place.level != ENTRIES:
        return answer
    # Records are text and shrink to a fifth; proxies and browsers take care of it.
    answer.vary.add("Accept-Encoding")
    return answer


@views.get("/keys.txt")
@public
def key_list() -> Response:
    """List the log's verifier keys, the newest first, for `verify.py`."""
    lines = queries.verifier_keys(db.session, community.id)
    return _answer("".join(f"{line}\n" for line in lines).encode(), TEXT, FRESH)


@views.get("/record/<int:record_id>/receipt")
@public
def receipt(record_id: int) -> Response:
    """Give a record's receipt as a file."""
    proof = queries.proof_of(db.session, community.id, record_id)
    if proof is None:
        raise NotFound
    answer = _answer(proof.file, TEXT, FRESH)
    name = f"receipt-{community.slug}-{proof.index}.tlog-proof"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _answer(content: bytes, kind: str, caching: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Cache-Control"] = caching
    # Anyone may mirror and check the log, another site's page too.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    if caching == FRESH:
        answer.add_etag()
        answer.make_conditional(request)
    return answer
