"""The page of a refusal, made once: to one reader the same refusal looks alike at every address.

Nine of ten answers to somebody who tries every door are this page, each with its whole layout. The
refusal itself is never remembered: who may do what is decided for each request, and told by its
status and its sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import g, render_template, request, session

from community.web import errors

# What else of a request the layout shows.
CHOSEN = ("language", "elder", "elder_text")


@contextmanager
def made_once() -> Iterator[None]:
    """Make the page of each refusal once for each reader, as long as the block lasts."""
    made: dict[object, str] = {}

    def render(template: str, **told: object) -> str:
        if "_flashes" in session:
            return render_template(template, **told)
        community = g.get("community")
        key = (
            template,
            tuple(sorted(told.items())),
            g.get("actor"),
            community.id if community else None,
            g.get("is_signed_in"),
            *(request.cookies.get(each) for each in CHOSEN),
        )
        if key not in made:
            made[key] = render_template(template, **told)
        return made[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(errors, "render_template", render)
        yield
