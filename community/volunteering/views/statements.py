"""My statements of points, time coins and hours, what each line is made of, and the household."""

from __future__ import annotations

from datetime import date

from flask import Response, g, render_template, request
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel.errors import NotFound
from community.volunteering import permissions
from community.volunteering.queries import balances, bin_station, points, rule_sets, served
from community.volunteering.queries import statements as queries
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.rules.points import (
    Book,
    household_owner,
    minutes_to_next_star,
    person_owner,
    star_level,
)
from community.volunteering.rules.rule_sets import WHOLE, HoursRule, coefficient_bp
from community.volunteering.rules.spans import (
    DIRECTION_TITLES,
    SPAN_TITLES,
    Filter,
    first_day,
    is_shown,
    read_filter,
)
from community.volunteering.views.pages import views
from community.web.access import community, needs, the_actor
from community.web.extensions import db
from community.web.filters import hours
from community.web.sheets import Minutes, Sheet, send_sheets

EXPORT_LINES = 5_000


@views.get("/my/points")
@needs(permissions.SEE_STATEMENT)
def my_points() -> str:
    """Show my points as a bank shows an account."""
    return _statement(Book.POINTS)


@views.get("/my/coins")
@needs(permissions.SEE_STATEMENT)
def my_coins() -> str:
    """Show my time coins as a bank shows an account."""
    return _statement(Book.TIME)


@views.get("/my/points/export")
@needs(permissions.SEE_STATEMENT)
def export_points() -> Response:
    """Give my points of a span as a sheet."""
    return _export(Book.POINTS, gettext("我的积分"))


@views.get("/my/coins/export")
@needs(permissions.SEE_STATEMENT)
def export_coins() -> Response:
    """Give my time coins of a span as a sheet."""
    return _export(Book.TIME, gettext("我的时间币"))


@views.get("/my/earnings/<int:earning_id>")
@needs(permissions.SEE_STATEMENT)
def earning(earning_id: int) -> str:
    """Show what one amount is made of: minutes, rate, coefficient, caps and the rule set."""
    g.tab = "dashboards.me"
    found = points.get_earning(db.session, community.id, earning_id)
    home = identity.household_of(db.session, community.id, _mine())
    owners = {person_owner(_mine()), household_owner(home) if home else ""}
    if found.owner not in owners:
        raise NotFound
    adopted = rule_sets.get_rule_set(db.session, community.id, found.rule_set_id)
    deed = None
    if found.source == "deed":
        deed = points.get_deed(db.session, community.id, found.source_id)
    people = identity.people(
        db.session, community.id, [deed.proposed_by, deed.decided_by or 0] if deed else []
    )
    return render_template(
        "volunteering/earning.html", earning=found, adopted=adopted, deed=deed, people=people,
        coefficient_bp=coefficient_bp(adopted.rules.points, found.kind) if found.kind else WHOLE,
        kinds=SERVICE_TITLES,
    )  # fmt: skip


@views.get("/my/hours")
@needs(permissions.SEE_STATEMENT)
def my_hours() -> str:
    """Show my hours with a running sum, what waits, and the stars."""
    g.tab = "dashboards.me"
    chosen = _filter()
    today = clock.today()
    found = served.served_statement(
        db.session, community.id, _mine(), first_day(chosen.span, today), today
    )
    totals = served.served_totals(db.session, community.id, _mine())
    adopted = rule_sets.find_rule_set_on(db.session, community.id, today)
    stars = (adopted.rules.hours if adopted else HoursRule()).star_hours
    return render_template(
        "volunteering/my_hours.html", page=found, totals=totals, filter=chosen,
        since=first_day(chosen.span, today), today=today, kinds=SERVICE_TITLES,
        level=star_level(stars, totals.verified), stars=stars,
        to_next=minutes_to_next_star(stars, totals.verified), **_choices(),
    )  # fmt: skip


@views.get("/my/hours/export")
@needs(permissions.SEE_STATEMENT)
def export_hours() -> Response:
    """Give my hours of a span as a sheet."""
    chosen, today = _filter(), clock.today()
    found = served.served_statement(
        db.session, community.id, _mine(), first_day(chosen.span, today), today,
        limit=EXPORT_LINES,
    )  # fmt: skip
    heads = [
        gettext("日期"), gettext("活动"), gettext("内容"), gettext("地点"), gettext("组织单位"),
        gettext("小时"), gettext("累计小时"),
    ]  # fmt: skip
    rows = [
        (line.served_on, line.title, line.content, line.place, line.organising_unit,
         Minutes(line.minutes), Minutes(line.total_after))
        for line in reversed(found.lines)
    ]  # fmt: skip
    title = gettext("我的志愿时长")
    return send_sheets(title, Sheet(title, heads, rows, (title, _span_words(chosen))))


@views.get("/my/household")
@needs(permissions.SEE_STATEMENT)
def my_household() -> str:
    """Show the household's points, whose they are, and how the rubbish was sorted."""
    g.tab = "dashboards.me"
    home = identity.household_of(db.session, community.id, _mine())
    if home is None:
        return render_template("volunteering/my_household.html", home=None)
    members = identity.members_of(db.session, community.id, home)
    people = identity.people(db.session, community.id, members)
    parts = [
        (people[each], balances.balance_of(
            db.session, community.id, Book.POINTS, person_owner(each)
        ).available)
        for each in members
    ]  # fmt: skip
    owner = household_owner(home)
    own = balances.balance_of(db.session, community.id, Book.POINTS, owner)
    page = queries.my_statement(db.session, community.id, Book.POINTS, owner, None, None)
    return render_template(
        "volunteering/my_household.html",
        home=identity.get_household(db.session, community.id, home),
        own=own.available,
        parts=parts,
        total=own.available + sum(units for _, units in parts),
        page=page,
        drops=bin_station.drops_of_household(db.session, community.id, home),
        endings=queries.endings(db.session, community.id, owner),
    )


def _statement(book: Book) -> str:
    g.tab = "dashboards.me"
    chosen, today, owner = _filter(), clock.today(), person_owner(_mine())
    since = first_day(chosen.span, today)
    page = queries.my_statement(
        db.session, community.id, book, owner, since, today, request.args.get("after") or None
    )
    others = [line.other_person_id for line in page.lines if line.other_person_id]
    lines = [line for line in page.lines if is_shown(chosen.direction, line.amount)]
    ending = queries.endings(db.session, community.id, owner) if book is Book.POINTS else ()
    return render_template(
        "volunteering/my_statement.html",
        book=book.value,
        page=page,
        lines=lines,
        filter=chosen,
        since=since,
        today=today,
        balance=balances.balance_of(db.session, community.id, book, owner),
        endings=ending,
        owed=points.owed_units(db.session, community.id, book, owner),
        people=identity.people(db.session, community.id, others),
        waiting=served.served_statement(db.session, community.id, _mine(), today, today).waiting,
        kinds=SERVICE_TITLES,
        **_choices(),
    )


def _export(book: Book, title: str) -> Response:
    chosen, today = _filter(), clock.today()
    page = queries.my_statement(
        db.session, community.id, book, person_owner(_mine()),
        first_day(chosen.span, today), today, limit=EXPORT_LINES,
    )  # fmt: skip
    heads = [gettext("日期"), gettext("事项"), gettext("说明"), gettext("变动"), gettext("余额")]
    is_time = book is Book.TIME
    rows = [
        (line.occurred_on, gettext(line.words), line.title,
         Minutes(line.amount) if is_time else line.amount,
         Minutes(line.balance_after) if is_time else line.balance_after)
        for line in reversed(page.lines)
        if is_shown(chosen.direction, line.amount)
    ]  # fmt: skip
    show = hours if is_time else str
    above = (
        title,
        _span_words(chosen),
        gettext("期初 %(amount)s", amount=show(page.opening)),
        gettext("期末 %(amount)s", amount=show(page.closing)),
    )
    return send_sheets(title, Sheet(title, heads, rows, above))


def _span_words(chosen: Filter) -> str:
    today: date = clock.today()
    words: str = gettext(
        "%(since)s 到 %(until)s",
        since=first_day(chosen.span, today).isoformat(),
        until=today.isoformat(),
    )
    return words


def _filter() -> Filter:
    return read_filter(request.args.get("span", ""), request.args.get("direction", ""))


def _choices() -> dict[str, object]:
    return {"spans": SPAN_TITLES, "directions": DIRECTION_TITLES}


def _mine() -> int:
    mine = the_actor().subject_id
    assert mine is not None, "signed in, so there is somebody"
    return mine
