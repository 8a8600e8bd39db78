"""Finding projects among thousands."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_babel import gettext
from marshmallow import ValidationError

from community.kernel import clock
from community.micro_projects.queries import search as queries
from community.micro_projects.rules.projects import KIND_TITLES
from community.micro_projects.rules.states import LISTED, STATE_TITLES
from community.micro_projects.schemas.search import Search
from community.micro_projects.views.blueprint import views
from community.web.access import public, the_actor
from community.web.extensions import db

# Years to choose from: the present one and those before it.
YEARS_SHOWN = 6


@views.get("/projects/search")
@public
def search_projects() -> str:
    """Find projects by words, kind, state, organization, money or year."""
    wanted, given = _wanted()
    after = wanted.pop("after")
    looked_for = queries.Wanted(**wanted)
    found = queries.search_projects(db.session, the_actor().community_id, looked_for, after)
    year = clock.today().year
    return render_template(
        "micro_projects/search.html",
        found=found,
        wanted=looked_for,
        kinds=[(each.value, gettext(title)) for each, title in KIND_TITLES.items()],
        states=[
            (each.value, gettext(STATE_TITLES[each])) for each in STATE_TITLES if each in LISTED
        ],
        years=[(str(each), str(each)) for each in range(year, year - YEARS_SHOWN, -1)],
        here=f"{url_for('micro_projects.search_projects')}?{urlencode(given)}",
        given=given,
    )


def _wanted() -> tuple[dict[str, Any], dict[str, str]]:
    """Read the filters in the address; what is wrong there is left out."""
    shape = Search()
    given = {name: each for name, each in request.args.items() if each and name in shape.fields}
    try:
        read = dict(shape.load(given))
    except ValidationError as error:
        given = {name: each for name, each in given.items() if name not in error.messages_dict}
        read = dict(shape.load(given))
    given.pop("after", None)
    return read, given
