"""The desk of topics: what is due an answer, answering, writing down for others, figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.deliberation import permissions
from community.deliberation.queries import moderation, topic_figures, topic_trace
from community.deliberation.queries import topics as queries
from community.deliberation.queries.topic_terms import topic_terms
from community.deliberation.rules.topics import (
    ANSWERER_ROLES,
    OWED,
    Answerer,
    TopicOrigin,
    TopicOutcome,
)
from community.deliberation.schemas import topics as schemas
from community.deliberation.service import answering, topic_steps
from community.deliberation.service import topics as service
from community.deliberation.views.blueprint import views
from community.deliberation.views.topic_drafts import form_facts, taken_photos
from community.deliberation.views.topic_words import options_of, topic_word
from community.kernel import clock
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.sheets import Cell, Sheet, send_file, send_sheets

YEAR = timedelta(days=364)
CSV = "text/csv; charset=utf-8"


@views.get("/desk/topics")
@needs(permissions.SEE_TOPIC_DESK)
def desk_topics() -> str:
    """Show what waits for the reader's own answer, then what waits for others'."""
    actor = the_actor()
    waiting = queries.owed_topics(db.session, actor)
    mine = my_answerers()
    today = clock.today()
    return render_template(
        "deliberation/desk_topics.html",
        mine=[each for each in waiting if each.answerer in mine],
        others=[each for each in waiting if each.answerer not in mine],
        agenda=queries.topics_for_agenda(db.session, actor.community_id),
        counts=topic_figures.topic_counts(db.session, actor.community_id, today - YEAR, today),
        drafts=_desk_drafts(),
        flags=moderation.count_flagged(db.session, actor.community_id),
        appeals=moderation.count_appeals(db.session, actor),
    )


@views.get("/desk/topics/<int:topic_id>")
@needs(permissions.SEE_TOPIC_DESK)
def desk_topic(topic_id: int) -> str:
    """Show a topic with the forms of an office."""
    return _desk_topic(topic_id, forms.Form())


@views.post("/desk/topics/<int:topic_id>/answer")
@needs(permissions.ANSWER)
def answer_topic(topic_id: int) -> ResponseReturnValue:
    """Answer in public."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["outcome"], values["words"], values["promised_on"])
        return write(answering.answer_topic, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.AnswerForm(), act, gettext("答复已公开，并已通知提出人。"))


@views.post("/desk/topics/<int:topic_id>/answerer")
@needs(permissions.MODERATE)
def assign_answerer(topic_id: int) -> ResponseReturnValue:
    """Name another role."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["answerer"], values["reason"])
        key = forms.request_key()
        return write(answering.assign_answerer, the_actor(), *given, request_key=key)

    return _press(topic_id, schemas.AssignForm(), act, gettext("已指定，并已通知双方。"))


@views.post("/desk/topics/<int:topic_id>/agenda")
@needs(permissions.CONVENE)
def put_on_agenda(topic_id: int) -> ResponseReturnValue:
    """Put a topic on the agenda without waiting for endorsements."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["reason"])
        return write(
            topic_steps.put_on_agenda, the_actor(), *given, request_key=forms.request_key()
        )

    return _press(topic_id, schemas.TopicReasonForm(), act, gettext("已列入议程，并已通知提出人。"))


@views.post("/desk/topics/<int:topic_id>/close")
@needs(permissions.CONVENE)
def close_topic(topic_id: int) -> ResponseReturnValue:
    """Close a topic that goes no further."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["reason"])
        return write(topic_steps.close_topic, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.TopicReasonForm(), act, gettext("已了结，理由已公开。"))


@views.get("/desk/topics/new")
@needs(permissions.OPERATE)
def new_record() -> str:
    """Choose the resident, then write down what they brought."""
    return _record(forms.Form())


@views.post("/desk/topics/new")
@needs(permissions.OPERATE)
def record_topic() -> ResponseReturnValue:
    """Keep it as a draft and go on to the check."""

    def act(values: dict[str, Any]) -> Any:
        given = (values["person_id"], values["origin"], values["draft"], taken_photos())
        return write(service.record_topic, the_actor(), *given, request_key=forms.request_key())

    def done(made: int) -> ResponseReturnValue:
        return redirect(url_for("deliberation.check_draft", topic_id=made), 303)

    return forms.submit(schemas.RecordForm(), act, _record, done)


@views.get("/desk/topics/rules")
@needs(permissions.CONVENE)
def topic_rules() -> str:
    """Show the community's figures for topics."""
    return _rules(forms.Form())


@views.post("/desk/topics/rules")
@needs(permissions.CONVENE)
def set_topic_rules() -> ResponseReturnValue:
    """Set them for topics raised from now on."""

    def act(values: dict[str, Any]) -> Any:
        given = tuple(values[name] for name in FIGURES)
        return write(service.set_topic_rules, the_actor(), *given, request_key=forms.request_key())

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("已保存，从现在起新提出的议题按这个办。"))
        return redirect(url_for("deliberation.topic_rules"), 303)

    return forms.submit(schemas.TopicRulesForm(), act, _rules, done)


@views.get("/desk/topics/export.xlsx")
@needs(permissions.SEE_TOPIC_DESK)
def topics_sheet() -> ResponseReturnValue:
    """Give all topics with their answer times as a workbook."""
    rows = [_cells(each) for each in topic_figures.export_rows(db.session, the_actor())]
    name = gettext("议题办理表")
    return send_sheets(name, Sheet(name, _heads(), rows))


@views.get("/desk/topics/export.csv")
@needs(permissions.SEE_TOPIC_DESK)
def topics_csv() -> ResponseReturnValue:
    """Give the same as CSV, which spreadsheet programs open in the right coding."""
    rows: list[list[Cell]] = [[*_heads()]]
    rows += [_cells(each) for each in topic_figures.export_rows(db.session, the_actor())]
    lines = [",".join(_csv_cell(cell) for cell in each) for each in rows]
    content = ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()
    return send_file(f"{gettext('议题办理表')}.csv", content, CSV)


FIGURES = ("threshold", "answer_days", "appeal_days", "consent_days", "undo_days")


def my_answerers() -> frozenset[Answerer]:
    """Tell for which roles the reader answers."""
    held = the_actor().roles
    return frozenset(each for each, role in ANSWERER_ROLES.items() if role.value in held)


def topics_due() -> int:
    """Count what waits for the reader's own answer."""
    return queries.count_owed(db.session, the_actor(), my_answerers())


def flags_due() -> int:
    """Count what was flagged."""
    return moderation.count_flagged(db.session, the_actor().community_id)


def appeals_due() -> int:
    """Count the appeals the reader may decide."""
    return moderation.count_appeals(db.session, the_actor())


def _desk_topic(topic_id: int, form: forms.Form) -> str:
    actor = the_actor()
    trace = topic_trace.get_trace(db.session, actor, topic_id)
    mine = my_answerers()
    may_know = actor.may(permissions.MODERATE.code)
    return render_template(
        "deliberation/desk_topic.html",
        form=form,
        trace=trace,
        may_answer=trace.topic.answerer in mine and trace.topic.answer_state in OWED,
        author=queries.topic_author(db.session, actor.community_id, topic_id) if may_know else None,
        outcomes=options_of(TopicOutcome),
        answerers=options_of(Answerer),
    )


def _press(topic_id: int, shape: Any, act: Any, sentence: str) -> ResponseReturnValue:
    def done(_: Any) -> ResponseReturnValue:
        flash(sentence)
        return redirect(url_for("deliberation.desk_topic", topic_id=topic_id), 303)

    return forms.submit(shape, act, lambda form: _desk_topic(topic_id, form), done)


def _record(form: forms.Form) -> str:
    actor = the_actor()
    asked = forms.read_number(str(form.value("person_id"))) or forms.asked_number("person")
    text = request.args.get("text", "").strip()[:40]
    return render_template(
        "deliberation/desk_record.html",
        form=form,
        draft=None,
        person=identity.get_person(db.session, actor.community_id, asked) if asked else None,
        text=text,
        found=identity.search_people(db.session, actor.community_id, text)[:12] if text else (),
        origins=[
            (value, title) for value, title in options_of(TopicOrigin) if value != TopicOrigin.WEB
        ],
        **form_facts(),
    )


def _rules(form: forms.Form) -> str:
    terms = topic_terms(db.session, the_actor().community_id)
    return render_template("deliberation/topic_rules.html", form=form, terms=terms)


def _desk_drafts() -> list[queries.TopicView]:
    if not the_actor().may(permissions.OPERATE.code):
        return []
    found = queries.drafts(db.session, g.actor)
    return [each for each in found if each.origin is not TopicOrigin.WEB]


def _heads() -> list[str]:
    return [
        gettext("编号"),
        gettext("标题"),
        gettext("类别"),
        gettext("地点"),
        gettext("来源"),
        gettext("进展"),
        gettext("提出日期"),
        gettext("附议人数"),
        gettext("需要人数"),
        gettext("答复单位"),
        gettext("应答复日期"),
        gettext("首次答复日期"),
        gettext("用时（天）"),
        gettext("是否逾期"),
        gettext("答复状态"),
        gettext("办结日期"),
    ]


def _cells(row: topic_figures.TopicRow) -> list[Cell]:
    return [
        row.id,
        row.title,
        topic_word(row.category),
        f"{row.building} {row.place}".strip(),
        topic_word(row.origin),
        topic_word(row.state),
        row.raised_on,
        row.endorsers,
        row.threshold,
        topic_word(row.answerer),
        row.first_due_on,
        row.answered_on,
        row.days_taken,
        gettext("是") if row.is_late else gettext("否"),
        topic_word(row.answer_state),
        row.done_on,
    ]


def _csv_cell(value: Cell) -> str:
    """Write a cell so that no program takes typed words for a formula."""
    text = "" if value is None else str(value)
    if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not isinstance(value, int):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"'
