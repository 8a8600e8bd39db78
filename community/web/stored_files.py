"""Answering with a stored file; the owning room has decided who may see it."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import FileStorage

from community.kernel import files


def send_stored_file(view: files.FileView, *, is_public: bool = False) -> Response:
    """Answer with a file's bytes: pictures in place, anything else as a download.

    `is_public` lets browsers and proxies keep it for a day; else nobody but the reader's own
    browser asks again with its hash. Raises: NotFound when the bytes are gone.
    """
    with files.open_file(view) as opened:
        answer = Response(opened.read(), content_type=view.media_type)
    way = "inline" if view.is_image else "attachment"
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(view.name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # Whatever a document carries, it runs nothing here.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "public, max-age=86400" if is_public else "private, no-cache"
    answer.set_etag(view.sha256)
    answer.make_conditional(request)
    return answer


def read_upload(field: str) -> files.Upload | None:
    """Read a file of the posted form; None when none was chosen."""
    sent: FileStorage | None = request.files.get(field)
    if sent is None or not sent.filename:
        return None
    return files.Upload(sent.filename, sent.read(), sent.mimetype)


def take_pictures(field: str, most: int) -> tuple[files.Ready, ...]:
    """Take in the pictures of the posted form, written anew; empty ones are left aside.

    One more than `most` is taken, so that the command can refuse too many.
    Raises: the refusals of `files.take_in`.
    """
    sent = [(each.filename, each.read()) for each in request.files.getlist(field)]
    chosen = [files.Upload(name, content) for name, content in sent if name and content]
    return tuple(files.take_in(each, files.IMAGES) for each in chosen[: most + 1])
