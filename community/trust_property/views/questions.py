"""Owners' questions: asked and read by everybody, answered from the desk."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import questions as queries
from community.trust_property.queries.subjects import Subject, get_subject
from community.trust_property.rules.questions import (
    SIDE_TITLES,
    STATE_TITLES,
    SUBJECT_TITLES,
    QuestionState,
    SubjectKind,
)
from community.trust_property.schemas import questions as schemas
from community.trust_property.service import questions as service
from community.trust_property.views.blueprint import views
from community.trust_property.views.papers import taken
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file

TAGS = {
    QuestionState.OPEN: "amber",
    QuestionState.ANSWERED: "blue",
    QuestionState.REOPENED: "amber",
    QuestionState.SATISFIED: "done",
    QuestionState.UNSATISFIED: "red",
}


@views.app_template_global()
def questions_about(fund_id: int, kind: str, subject_id: int) -> tuple[queries.QuestionView, ...]:
    """List for a page what was asked about the thing it shows."""
    about = SubjectKind(kind)
    return queries.questions_about(db.session, the_actor(), fund_id, about, subject_id)


@views.app_template_global()
def count_questions(fund_id: int) -> queries.QuestionCount:
    """Count for a page the questions of a fund that wait."""
    return queries.count_questions(db.session, the_actor(), fund_id)


@views.app_template_filter()
def question_tag(question: queries.QuestionView) -> tuple[str, str]:
    """Tell a question's state in words, and its colour; late ones are red."""
    if question.is_overdue:
        return gettext("逾期未答复"), "red"
    return gettext(STATE_TITLES[question.state]), TAGS[question.state]


@views.app_template_filter()
def subject_title(subject: Subject | queries.QuestionView) -> str:
    """Tell what kind of thing a question is about."""
    kind = subject.kind if isinstance(subject, Subject) else subject.subject_kind
    title: str = gettext(SUBJECT_TITLES[kind])
    return title


@views.get("/fund/<int:fund_id>/questions")
@public
def public_questions(fund_id: int) -> ResponseReturnValue:
    """Show everybody every question, overdue ones first."""
    actor, before = the_actor(), forms.asked_number("before")
    found = queries.questions(db.session, actor, fund_id, before)
    closed = [each for each in found if not each.waits]
    return render_template(
        "trust_property/questions.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        overdue=[each for each in found if each.is_overdue],
        waiting=[each for each in found if each.waits and not each.is_overdue],
        closed=closed,
        before=closed[-1].id if len(closed) == queries.MOST_SHOWN else None,
        is_first=before is None,
    )


@views.get("/fund/<int:fund_id>/questions/<int:question_id>")
@public
def public_question(fund_id: int, question_id: int) -> ResponseReturnValue:
    """Show everybody a question with its answers."""
    return _public(fund_id, question_id, forms.Form())


@views.get("/fund/<int:fund_id>/questions/<int:question_id>/papers/<int:file_id>")
@public
def answer_paper(fund_id: int, question_id: int, file_id: int) -> ResponseReturnValue:
    """Show everybody a voucher of an answer."""
    found = queries.get_answer_paper(db.session, the_actor(), fund_id, question_id, file_id)
    return send_stored_file(found, is_public=True)


@views.get("/fund/<int:fund_id>/ask")
@needs(permissions.ASK)
def ask(fund_id: int) -> ResponseReturnValue:
    """Write a question about the thing named in the address."""
    return _ask(fund_id, forms.Form())


@views.post("/fund/<int:fund_id>/ask")
@needs(permissions.ASK)
def ask_question(fund_id: int) -> ResponseReturnValue:
    """Ask."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            service.ask_question,
            the_actor(),
            fund_id,
            values["kind"],
            values["subject_id"],
            values["words"],
            request_key=forms.request_key(),
        )
        return made

    return forms.submit(
        schemas.AskForm(),
        act,
        lambda form: _ask(fund_id, form),
        lambda made: _told(gettext("提问已公开，到期没有答复会标红。"), fund_id, made),
    )


@views.post("/fund/<int:fund_id>/questions/<int:question_id>/judge")
@needs(permissions.ASK)
def judge_answer(fund_id: int, question_id: int) -> ResponseReturnValue:
    """Say whether the answer satisfies."""

    def act(values: dict[str, Any]) -> QuestionState:
        state: QuestionState = kernel_db.write(
            service.judge_answer,
            the_actor(),
            fund_id,
            question_id,
            values["is_satisfied"],
            request_key=forms.request_key(),
        )
        return state

    return forms.submit(
        schemas.JudgeForm(),
        act,
        lambda form: _public(fund_id, question_id, form),
        lambda _: _told(gettext("已记下您的评价。"), fund_id, question_id),
    )


@views.get("/desk/questions")
@needs(permissions.READ)
def desk_questions() -> ResponseReturnValue:
    """List what waits for an answer in every fund, what is due first at the top."""
    actor = the_actor()
    funds = fund_queries.funds(db.session, actor)
    waiting = [
        (fund, each)
        for fund in funds
        for each in queries.questions(db.session, actor, fund.id)
        if each.waits
    ]
    return render_template(
        "trust_property/desk_questions.html",
        funds=funds,
        waiting=sorted(waiting, key=lambda pair: (pair[1].due_on, pair[1].id)),
    )


@views.get("/desk/fund/<int:fund_id>/questions/<int:question_id>")
@needs(permissions.READ)
def desk_question(fund_id: int, question_id: int) -> ResponseReturnValue:
    """Show a question with the form to answer it."""
    return _desk(fund_id, question_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/questions/<int:question_id>")
@needs(permissions.ANSWER)
def answer_question(fund_id: int, question_id: int) -> ResponseReturnValue:
    """Answer with vouchers."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            service.answer_question,
            the_actor(),
            fund_id,
            question_id,
            values["words"],
            taken("papers", is_public=True),
            request_key=forms.request_key(),
        )
        return made

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("答复已公开，并已通知提问人。"))
        return redirect(
            url_for("trust_property.desk_question", fund_id=fund_id, question_id=question_id), 303
        )

    return forms.submit(
        schemas.AnswerForm(), act, lambda form: _desk(fund_id, question_id, form), done
    )


def _ask(fund_id: int, form: forms.Form) -> str:
    actor = the_actor()
    kind = str(form.value("kind", request.args.get("about", "fund")))
    number = forms.read_number(str(form.value("subject_id", request.args.get("of", fund_id))))
    if kind not in set(map(str, SubjectKind)) or number is None:
        abort(404)
    return render_template(
        "trust_property/ask.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        subject=get_subject(db.session, actor, fund_id, SubjectKind(kind), number),
    )


def _public(fund_id: int, question_id: int, form: forms.Form) -> str:
    return render_template("trust_property/question.html", **_facts(fund_id, question_id, form))


def _desk(fund_id: int, question_id: int, form: forms.Form) -> str:
    facts = _facts(fund_id, question_id, form)
    return render_template("trust_property/desk_question.html", **facts)


def _facts(fund_id: int, question_id: int, form: forms.Form) -> dict[str, Any]:
    actor = the_actor()
    return {
        "form": form,
        "fund": fund_queries.get_fund(db.session, actor, fund_id),
        "thread": queries.get_thread(db.session, actor, fund_id, question_id),
        "sides": SIDE_TITLES,
    }


def _told(sentence: str, fund_id: int, question_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(
        url_for("trust_property.public_question", fund_id=fund_id, question_id=question_id), 303
    )
