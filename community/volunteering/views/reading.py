"""What several of the pages need: the reader, a shift as they see it, names, photographs."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g, request
from flask.typing import ResponseReturnValue

from community import identity
from community.kernel import files
from community.kernel.errors import BadInput, NotAllowed, NotFound
from community.volunteering.errors.scanning import UnreadablePhoto
from community.volunteering.queries.activities import ShiftView, get_shift_view
from community.web import qr
from community.web.access import community, the_actor
from community.web.extensions import db
from community.web.sheets import send_file


def me() -> int:
    """Give whose pages these are: the person helped, else who is signed in.

    Raises: NotAllowed.
    """
    found = the_actor().subject_id
    if found is None:
        raise NotAllowed
    return found


def this_shift(shift_id: int) -> ShiftView:
    """Give a shift as the reader sees it.

    Raises: NotFound.
    """
    g.tab = "volunteering.activities"
    found = get_shift_view(db.session, community.id, shift_id, the_actor().subject_id)
    if found is None:
        raise NotFound
    return found


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Give people's names, for pages of those who may read them."""
    wanted = {each for each in ids if each is not None}
    found = identity.people(db.session, community.id, wanted)
    return {each: card.name for each, card in found.items()}


def photo(name: str) -> files.Ready | None:
    """Take in an uploaded picture, if one was sent.

    Raises: the refusals of `kernel.files`.
    """
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return None
    upload = files.Upload(sent.filename, sent.read(), sent.mimetype or "")
    return files.take_in(upload, files.IMAGES)


def code_in_photo(name: str) -> str:
    """Read the code in an uploaded picture.

    Raises: BadInput without a picture, UnreadablePhoto without a code in it.
    """
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        raise BadInput
    found = qr.read_code(sent.read())
    if found is None:
        raise UnreadablePhoto
    return found


def show_file(file_id: int) -> ResponseReturnValue:
    """Give a kept file of this community; the page has checked who may see it."""
    view = files.get_file(db.session, community.id, file_id)
    with files.open_file(view) as opened:
        return send_file(view.name, opened.read(), view.media_type, inline=True)
