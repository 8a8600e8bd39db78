"""The pages that bring rooms together."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity, volunteering
from community.dashboards import figures as drawing
from community.dashboards import permissions, queries, street_figures, ways
from community.kernel import clock
from community.kernel.permissions import Role
from community.web.access import needs, public, signed_in, the_actor
from community.web.extensions import db
from community.web.forms import asked_number
from community.web.layout import desk_entries
from community.web.security import allow_chart_styles, allow_wasm
from community.web.sheets import send_sheets

FIRST_YEAR = 2020

front = Blueprint("front", __name__, template_folder="templates")
views = Blueprint("dashboards", __name__, url_prefix="/c/<community>", template_folder="templates")


@front.get("/")
@public
def start() -> ResponseReturnValue:
    """Lead those who have signed in home; tell everybody else what this is and where."""
    if g.is_signed_in and ways.may_go("identity.communities"):
        return redirect(url_for("identity.communities"))
    return render_template(
        "dashboards/front.html",
        communities=queries.list_communities(db.session),
        set_up=ways.find_url("identity.wizard"),
    )


@views.get("/")
@needs(permissions.HOME)
def home() -> ResponseReturnValue:
    """Answer: what can I do today?"""
    actor = the_actor()
    found = queries.home_of(db.session, actor)
    return render_template(
        "dashboards/home.html",
        home=found,
        codes=ways.open_ways(ways.MY_CODE, ways.SCAN),
        doing=ways.open_ways(*ways.DOING),
        find_url=ways.find_url,
        kind_titles=volunteering.SERVICE_TITLES,
    )


@views.get("/me")
@needs(permissions.HOME)
def me() -> ResponseReturnValue:
    """Show what is mine: statements, honours, account, family, those who act for me."""
    actor = the_actor()
    assert actor.subject_id is not None
    return render_template(
        "dashboards/me.html",
        person=identity.get_person(db.session, actor.community_id, actor.subject_id),
        holdings=queries.holdings_of(db.session, actor.community_id, actor.subject_id),
        statements=ways.open_ways(*ways.STATEMENTS),
        doing=ways.open_ways(*ways.DOING),
        account=ways.open_ways(*ways.ACCOUNT),
        sign_out=ways.find_url("identity.leave"),
        find_url=ways.find_url,
    )


@views.get("/scan")
@needs(permissions.HOME)
@allow_wasm
def scan() -> ResponseReturnValue:
    """Read one of our codes and open its page, for phones whose own camera will not."""
    return render_template("dashboards/scan.html", find_url=ways.find_url)


@views.get("/desk")
@needs(permissions.DESK)
def desk() -> ResponseReturnValue:
    """Show what is due first, then everything else the reader may do."""
    entries = [entry for entry in desk_entries() if not entry.is_here]
    due = sorted((entry for entry in entries if entry.due), key=lambda entry: -entry.due)
    return render_template(
        "dashboards/desk.html",
        due=due,
        figures=queries.desk_figures(db.session, the_actor().community_id),
        may_see_figures=ways.may_go("dashboards.figures"),
        others=[entry for entry in entries if not entry.due],
        street=url_for("front.street") if Role.STREET in g.actor.roles else "",
    )


@views.get("/figures")
@needs(permissions.FIGURES)
def figures() -> ResponseReturnValue:
    """Draw who takes part, over the last twelve months; small groups are not shown."""
    since, until = queries.year_until(clock.today())
    found = volunteering.figures(
        db.session, the_actor().community_id, since, until, queries.LEAST_PEOPLE
    )
    return render_template(
        "dashboards/figures.html",
        since=since,
        until=until,
        has_any=any(month.given for month in found.months),
        by_month=drawing.by_month(found),
        flow=drawing.given_and_received(found),
        by_kind=drawing.by_kind(found),
        by_age=drawing.by_age(found),
        little=drawing.little_part(found),
        least=queries.LEAST_PEOPLE,
    )


@front.get("/street")
@signed_in
@allow_chart_styles
def street() -> ResponseReturnValue:
    """Show the street office all its communities, overdue first."""
    actor = the_actor()
    rows = queries.street_rows(db.session, actor.person_id) if actor.person_id else []
    since, _ = queries.year_until(clock.today())
    months = [f"{(since.month - 1 + place) % 12 + 1}" for place in range(12)]
    return render_template("dashboards/street.html", rows=rows, months=months)


@front.get("/street/projects")
@signed_in
def street_projects() -> ResponseReturnValue:
    """Show the street office all its communities' projects, what is late first."""
    year, rows = _street_projects()
    this_year = clock.today().year
    years = [(url_for("front.street_projects"), gettext("全部年份"), year is None)]
    years += [
        (url_for("front.street_projects", year=each), str(each), year == each)
        for each in (this_year, this_year - 1)
    ]
    return render_template(
        "dashboards/street_projects.html",
        rows=rows,
        year=year,
        years=years,
        late=street_figures.late_lines(rows),
        shown=street_figures.LATE_SHOWN,
        firms=street_figures.firms(rows),
        money=street_figures.money_chart(rows),
        stations=street_figures.station_chart(rows),
    )


@front.get("/street/projects.xlsx")
@signed_in
def street_projects_file() -> ResponseReturnValue:
    """Give the street office the same figures as a workbook."""
    year, rows = _street_projects()
    name = gettext("民生微实事") + (f"-{year}" if year else "")
    return send_sheets(name, *street_figures.sheets(rows))


def _street_projects() -> tuple[int | None, list[street_figures.CommunityProjects]]:
    actor, year = the_actor(), asked_number("year")
    if actor.person_id is None:
        return None, []
    chosen = year if year and FIRST_YEAR <= year <= clock.today().year else None
    return chosen, street_figures.communities_of(db.session, actor.person_id, chosen)
