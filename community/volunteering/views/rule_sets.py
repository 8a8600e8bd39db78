"""Pages of the rules: what holds here for everybody to read, and the desk's form to change them."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel.db import write
from community.volunteering import permissions
from community.volunteering.queries import preview, rule_sets
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.rules.rule_sets import RuleSet, find_mistakes
from community.volunteering.schemas.rule_sets import AdoptBody, Figures, fill_form
from community.volunteering.service import rule_sets as service
from community.volunteering.views.pages import views
from community.web import forms
from community.web.access import community, needs, public, the_actor
from community.web.extensions import db

PREVIEW_DAYS = 90


@views.get("/rules")
@public
def rules() -> str:
    """Show the rules that hold today, in words, with their source."""
    found = rule_sets.find_rule_set_on(db.session, community.id, clock.today())
    coming = [
        each
        for each in rule_sets.adopted_rule_sets(db.session, community.id)
        if each.valid_from > clock.today() and not each.is_withdrawn
    ]
    return render_template(
        "volunteering/rules.html", adopted=found, coming=coming, kinds=SERVICE_TITLES
    )


@views.get("/desk/rules")
@needs(permissions.SEE_DESK)
def rules_desk() -> str:
    """Show the adopted sets and the presets to start from."""
    return _desk(forms.Form())


@views.post("/desk/rules/adopt")
@needs(permissions.RULES)
def adopt_rules() -> ResponseReturnValue:
    """Adopt a preset as it is."""
    return forms.submit(
        AdoptBody(),
        lambda values: write(
            service.adopt_rule_set,
            the_actor(),
            values["preset"],
            values["valid_from"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("新规则已订好，到日子自动生效。")),
    )


@views.get("/desk/rules/new")
@needs(permissions.RULES)
def new_rules() -> str:
    """Show the form, filled from a preset or from the set in force."""
    code = request.args.get("preset")
    if code:
        rules = rule_sets.get_preset(code).rules
    else:
        found = rule_sets.find_rule_set_on(db.session, community.id, clock.today())
        rules = found.rules if found else rule_sets.presets()[0].rules
    start = clock.today() + timedelta(days=1)
    form = forms.Form({**fill_form(rules), "valid_from": start.isoformat()})
    return _form(form, None)


@views.post("/desk/rules/new")
@needs(permissions.RULES)
def keep_rules() -> ResponseReturnValue:
    """Preview a changed set, or adopt it once its effect was seen."""
    form, values = forms.read(Figures())
    if form.errors or request.form.get("step") != "adopt":
        status = 422 if form.errors else 200
        return _form(form, values.get("rules")), status
    return forms.submit(
        Figures(),
        lambda read: write(
            service.change_rule_set,
            the_actor(),
            read["rules"],
            read["valid_from"],
            request_key=forms.request_key(),
        ),
        lambda again: _form(again, values.get("rules")),
        lambda _: _done(gettext("新规则已订好，到日子自动生效。")),
    )


@views.post("/desk/rules/<int:rule_set_id>/withdraw")
@needs(permissions.RULES)
def withdraw_rules(rule_set_id: int) -> ResponseReturnValue:
    """Withdraw a set that has not started."""
    write(service.withdraw_rule_set, the_actor(), rule_set_id, request_key=forms.request_key())
    return _done(gettext("已撤回，现行规则继续有效。"))


def _desk(form: forms.Form) -> str:
    return render_template(
        "volunteering/rules_desk.html",
        form=form,
        adopted=rule_sets.adopted_rule_sets(db.session, community.id),
        in_force=rule_sets.find_rule_set_on(db.session, community.id, clock.today()),
        presets=rule_sets.presets(),
        today=clock.today(),
        tomorrow=clock.today() + timedelta(days=1),
    )


def _form(form: forms.Form, rules: RuleSet | None) -> str:
    effect = None
    if rules is not None and not find_mistakes(rules):
        today = clock.today()
        effect = preview.preview_effect(
            db.session, community.id, rules, today - timedelta(days=PREVIEW_DAYS), today
        )
    return render_template(
        "volunteering/rules_form.html", form=form, effect=effect, kinds=SERVICE_TITLES
    )


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.rules_desk"), 303)
