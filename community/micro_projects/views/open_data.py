"""The open contracting data: one page for people, files and a feed for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Response, g, render_template, request, url_for

from community.kernel import clock
from community.kernel import db as database
from community.micro_projects.open_contracting import extension
from community.micro_projects.open_contracting.canonical import write_readable
from community.micro_projects.open_contracting.packages import (
    Publisher,
    record_package,
    release_package,
)
from community.micro_projects.open_contracting.table import HEADS, line_of, write_lines
from community.micro_projects.open_contracting.writing import instant
from community.micro_projects.queries import open_data as queries
from community.micro_projects.service.releasing import is_example_prefix
from community.micro_projects.views.blueprint import views
from community.web.access import community, public, the_actor
from community.web.extensions import db
from community.web.forms import asked_number

JSON = "application/json; charset=utf-8"
LINES = "application/x-ndjson; charset=utf-8"
CSV = "text/csv; charset=utf-8"
SCHEMA_FILES = ("extension.json", "release-schema.json")
# A release never changes; a list grows with the next one.
KEPT = "public, max-age=31536000, immutable"
FRESH = "no-cache"


@views.get("/projects/open-data")
@public
def open_data() -> str:
    """Tell people and programmers what is published, and how to read it."""
    community_id = the_actor().community_id
    return render_template(
        "micro_projects/open_data.html",
        processes=queries.process_count(db.session, community_id),
        releases=queries.last_place(db.session, community_id),
        is_example=is_example_prefix(),
    )


@views.get("/projects/open-data/feed")
@public
def open_data_feed() -> Response:
    """List what is new after a place, for those who keep a copy."""
    found = queries.open_data_feed(db.session, the_actor(), _after())
    told = {
        "releases": [
            {
                "place": each.place,
                "ocid": each.ocid,
                "id": each.release_id,
                "tag": list(each.tags),
                "date": instant(each.published_at),
                "url": _address("open_data_release", release_id=each.release_id),
            }
            for each in found.lines
        ],
        "next": found.next,
        "isLast": found.is_last,
    }
    return _fresh(write_readable(told))


@views.get("/projects/open-data/releases")
@public
def open_data_releases() -> Response:
    """Give a package of releases in the feed's order; a header names the next page."""
    found = queries.releases_after(db.session, the_actor().community_id, _after())
    at = found[-1].published_at if found else clock.now()
    content = [each.content for each in found]
    answer = _fresh(release_package(_publisher(), _told(at), content))
    if len(found) == queries.FEED_STEP:
        _link_next(answer, found[-1].place)
    return answer


@views.get("/projects/open-data/releases/<release_id>")
@public
def open_data_release(release_id: str) -> Response:
    """Give one release in its package."""
    found = queries.find_release(db.session, the_actor().community_id, release_id)
    package = release_package(_publisher(), _told(found.published_at), [found.content])
    return _answer(package, JSON, KEPT)


@views.get("/projects/open-data/records")
@public
def open_data_records() -> Response:
    """Give a package of records; a header names the next page."""
    community_id = the_actor().community_id
    found = queries.records_after(db.session, community_id, _after())
    at = max((each.releases[-1].published_at for each in found.records), default=clock.now())
    content = [each.write() for each in found.records]
    answer = _fresh(record_package(_publisher(), _told(at), content))
    if not found.is_last:
        _link_next(answer, found.next)
    return answer


@views.get("/projects/open-data/records/<ocid>")
@public
def open_data_record(ocid: str) -> Response:
    """Give everything about one process: releases, what is true now, every earlier value."""
    found = queries.find_record(db.session, the_actor().community_id, ocid)
    at = found.releases[-1].published_at
    return _fresh(record_package(_publisher(), _told(at), [found.write()]))


@views.get("/projects/open-data/releases.jsonl")
@public
def open_data_release_lines() -> Response:
    """Stream every release, one a line, in the feed's order."""
    return _stream(_release_lines(the_actor().community_id), LINES, "releases.jsonl")


@views.get("/projects/open-data/records.jsonl")
@public
def open_data_record_lines() -> Response:
    """Stream every record, one a line."""
    return _stream(_record_lines(the_actor().community_id), LINES, "records.jsonl")


@views.get("/projects/open-data/records.csv")
@public
def open_data_table() -> Response:
    """Stream a table with a line for every process."""
    return _stream(_table(the_actor().community_id), CSV, "records.csv")


@views.get('/projects/open-data/extension/<any("extension.json","release-schema.json"):name>')
@public
def open_data_extension(name: str) -> Response:
    """Give a file of our local extension of the standard."""
    return _answer(extension.files()[name], JSON, FRESH)


_LISTS = f'any("{extension.SCORE_CODES}","{extension.KIND_CODES}","{extension.STATUS_CODES}")'


@views.get(f"/projects/open-data/extension/codelists/<{_LISTS}:name>")
@public
def open_data_codelist(name: str) -> Response:
    """Give a list of codes of our local extension."""
    return _answer(extension.files()[f"codelists/{name}"], CSV, FRESH)


def _after() -> int:
    return asked_number("after") or 0


def _told(at: datetime) -> str:
    return str(instant(at))


def _publisher() -> Publisher:
    return Publisher(
        g.community.name,
        request.url,
        _address("open_data_extension", name="extension.json"),
    )


def _address(endpoint: str, **values: str) -> str:
    return url_for(f"micro_projects.{endpoint}", _external=True, **values)


def _link_next(answer: Response, after: int) -> None:
    assert request.endpoint is not None
    following = url_for(request.endpoint, _external=True, after=after)
    answer.headers["Link"] = f'<{following}>; rel="next"'


def _release_lines(community_id: int) -> Iterator[bytes]:
    with database.read() as session:
        for each in queries.every_release(session, community_id):
            yield each.content + b"\n"


def _record_lines(community_id: int) -> Iterator[bytes]:
    with database.read() as session:
        for each in queries.every_record(session, community_id):
            yield each.write() + b"\n"


def _table(community_id: int) -> Iterator[bytes]:
    with database.read() as session:
        # Spreadsheets read UTF-8 rightly only after this mark.
        yield b"\xef\xbb\xbf" + write_lines([HEADS])
        for each in queries.every_record(session, community_id):
            yield write_lines([line_of(each.compile())])


def _stream(parts: Iterable[bytes], kind: str, name: str) -> Response:
    answer = Response(parts, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{community.slug}-{name}"'
    answer.headers["Cache-Control"] = FRESH
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _fresh(content: bytes) -> Response:
    answer = _answer(content, JSON, FRESH)
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _answer(content: bytes, kind: str, caching: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Cache-Control"] = caching
    # Anyone may copy and check the data, another site's page too.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
