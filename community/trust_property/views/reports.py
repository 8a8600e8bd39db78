"""A fund's reports for everybody: the page with its charts, the paper, the sheets, the files."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import transparency
from community.kernel import clock
from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import bookkeeping
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import questions as question_queries
from community.trust_property.queries import reports as queries
from community.trust_property.rules.periods import (
    Period,
    before,
    month_of,
    quarter_of,
    read_period,
    year_of,
)
from community.trust_property.rules.questions import report_line_id
from community.trust_property.rules.reports import say_the_same
from community.trust_property.service import reports as service
from community.trust_property.views.blueprint import views
from community.trust_property.views.report_charts import line_words, month_curve, where_it_went
from community.trust_property.views.report_sheets import report_sheets, voucher_sheet
from community.web import forms
from community.web.access import community, needs, public, the_actor
from community.web.extensions import db
from community.web.pdf import send_pdf
from community.web.qr import qr_svg
from community.web.sheets import send_file, send_sheets

views.add_app_template_global(line_words, "report_words")


@views.get("/fund/<int:fund_id>/reports")
@public
def report_list(fund_id: int) -> str:
    """List what was published and the periods one may look at."""
    actor = the_actor()
    today = clock.today()
    last = before(month_of(today))
    return render_template(
        "trust_property/reports.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        published=queries.published_reports(db.session, actor, fund_id),
        running=(month_of(today), quarter_of(today), year_of(today)),
        over=(last, before(quarter_of(today)), before(year_of(today))),
    )


@views.get("/fund/<int:fund_id>/report")
@public
def report(fund_id: int) -> str:
    """Show the report of a period as the books know it now."""
    return _report(fund_id, forms.Form())


@views.post("/fund/<int:fund_id>/report")
@needs(permissions.PREPARE)
def publish_report(fund_id: int) -> ResponseReturnValue:
    """Publish a period's report."""
    period = request.args.get("period", "")
    kernel_db.write(
        service.publish_report, the_actor(), fund_id, period, request_key=forms.request_key()
    )
    flash(gettext("报表已发布，进入公开记录。"))
    return redirect(url_for("trust_property.report", fund_id=fund_id, period=period), 303)


@views.get("/fund/<int:fund_id>/report.xlsx")
@public
def report_file(fund_id: int) -> ResponseReturnValue:
    """Send a period's report as a workbook."""
    made = queries.period_report(db.session, the_actor(), fund_id, _period().name)
    return send_sheets(f"{made.fund} {made.period}", *report_sheets(made))


@views.get("/fund/<int:fund_id>/report.pdf")
@public
def report_paper(fund_id: int) -> ResponseReturnValue:
    """Send a period's report as a notice (A4) with the newest checkpoint as a code.

    A published report is printed as it was published, never with figures that came later.
    """
    actor, period = the_actor(), _period().name
    published = queries.newest_published(db.session, actor, fund_id, period)
    made = queries.report_as_published(db.session, actor, published) or queries.period_report(
        db.session, actor, fund_id, period
    )
    checkpoint = _covering(published)
    code = None
    if checkpoint is not None:
        address = f"{request.host_url}verify#{transparency.write_paper(checkpoint.note)}"
        code = qr_svg(address, gettext("公开记录的检查点"), is_printed=True)
    return send_pdf(
        f"{made.fund} {made.period}",
        "trust_property/report_paper.html",
        report=made,
        first=date.fromisoformat(made.first),
        last=date.fromisoformat(made.last),
        known=clock.from_micros(made.known_at),
        published=published,
        checkpoint=checkpoint,
        code=code,
    )


def _covering(published: queries.PublishedView | None) -> transparency.Checkpoint | None:
    """Give the newest checkpoint, if it covers the report: an older one proves nothing of it."""
    found = transparency.latest_checkpoint(db.session, community.id)
    if found is None or published is None:
        return found
    index = transparency.get_record(db.session, community.id, published.record_id).log_index
    return found if index is not None and index < found.size else None


@views.get("/fund/<int:fund_id>/reports/<int:report_id>.json")
@public
def published_report(fund_id: int, report_id: int) -> ResponseReturnValue:
    """Send a published report as it was published, byte for byte."""
    found = queries.get_report_file(db.session, the_actor(), fund_id, report_id)
    name = f"report-{found.period}-{found.version}.json"
    return send_file(name, found.content, "application/json")


@views.get("/fund/<int:fund_id>/reports/<int:report_id>")
@public
def report_lines(fund_id: int, report_id: int) -> str:
    """Show a published report as it was published; each line leads to asking about it."""
    actor = the_actor()
    made = queries.get_published_report(db.session, actor, fund_id, report_id)
    places = iter(range(1, len(made.lines) + 1))
    return render_template(
        "trust_property/report_lines.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        report=made,
        sections=[
            (each.title, [(report_line_id(report_id, next(places)), line) for line in each.lines])
            for each in made.sections
        ],
        asked=question_queries.questions_about_report(db.session, actor, fund_id, report_id),
    )


@views.get("/fund/<int:fund_id>/vouchers.xlsx")
@needs(permissions.READ)
def voucher_file(fund_id: int) -> ResponseReturnValue:
    """Send a period's entries as vouchers (凭证) that accounting software imports."""
    actor, period = the_actor(), _period()
    fund = fund_queries.get_fund(db.session, actor, fund_id)
    found = bookkeeping.book_entries(
        db.session, actor, fund, fund.book_id, period.first, period.last
    )
    return send_sheets(f"{fund.name} {period.name}", voucher_sheet(found))


@views.get("/fund/<int:fund_id>/books.beancount")
@public
def beancount_file(fund_id: int) -> ResponseReturnValue:
    """Send the fund's books as a Beancount file."""
    text = bookkeeping.beancount_of(db.session, the_actor(), fund_id)
    return send_file(f"fund-{fund_id}.beancount", text.encode(), "text/plain")


def _report(fund_id: int, form: forms.Form) -> str:
    actor, period = the_actor(), _period()
    made = queries.period_report(db.session, actor, fund_id, period.name)
    published = queries.newest_published(db.session, actor, fund_id, period.name)
    kept = queries.report_as_published(db.session, actor, published)
    return render_template(
        "trust_property/report.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        report=made,
        period=period,
        earlier=before(period),
        kinds=(month_of(period.last), quarter_of(period.last), year_of(period.last)),
        is_over=period.last < clock.today(),
        sankey=where_it_went(made),
        curve=month_curve(queries.month_flows(db.session, actor, fund_id, period.year)),
        published=published,
        is_published=kept is not None and say_the_same(kept, made),
    )


def _period() -> Period:
    """Read the period of the address; the present month where it names none."""
    found = read_period(request.args.get("period", ""))
    return month_of(clock.today()) if found is None else found
