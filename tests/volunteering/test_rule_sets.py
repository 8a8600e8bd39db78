"""Dated rule sets: presets, what they say, from when they decide, and who may change them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.volunteering.errors.rule_sets import (
    FiguresContradict,
    SetHasStarted,
    StartsTooEarly,
    UnknownPreset,
)
from community.volunteering.queries.preview import preview_effect
from community.volunteering.queries.rule_sets import (
    find_rule_set_on,
    get_rule_set,
    presets,
)
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.preset_words import PRESET_WORDS
from community.volunteering.rules.rule_sets import (
    Expiry,
    Payer,
    RuleSet,
    SourceLabel,
    find_mistakes,
    read_rule_set,
    write_rule_set,
)
from community.volunteering.schemas.rule_sets import Figures, fill_form
from community.volunteering.service import rule_sets as service
from tests import builders
from tests.volunteering.neighbours import (
    Neighbours,
    change_rules,
    confirm_hours,
    make_neighbours,
    preset_rules,
)


@pytest.fixture
def street(database: Database) -> Neighbours:
    return make_neighbours()


def test_presets_say_what_their_sources_say() -> None:
    beijing, nanjing = preset_rules("beijing"), preset_rules("nanjing")
    guangdong, yunnan = preset_rules("guangdong"), preset_rules("yunnan")
    huangshi, huangshan = preset_rules("huangshi"), preset_rules("huangshan")
    assert (beijing.time_bank.coin_bp, beijing.time_bank.redeem_from_age) == (10_000, 60)
    assert beijing.time_bank.payer is Payer.RECEIVER
    assert beijing.time_bank.may_redeem_for_spouse
    assert nanjing.time_bank.cap_minutes == 1_500 * 60
    assert nanjing.time_bank.are_group_hours_donated
    assert guangdong.hours.review_above_minutes == 8 * 60
    assert guangdong.hours.second_review_above_minutes == 12 * 60
    assert (huangshi.points.points_an_hour, huangshi.points.expiry) == (1, Expiry.YEAR_END)
    assert HoursClass.BACK_FILLED not in huangshi.points.earning
    assert yunnan.hours.least_attended_bp == 6_000
    assert (huangshan.points.expiry_years, huangshan.points.may_refund) == (3, False)
    labels = {preset.code: preset.rules.label for preset in presets()}
    assert labels.pop("plain") is SourceLabel.READ
    assert set(labels.values()) == {SourceLabel.REPORTED}


@pytest.mark.parametrize("preset", presets(), ids=lambda each: each.code)
def test_a_preset_is_whole_and_survives_storing_and_the_form(preset: object) -> None:
    rules: RuleSet = preset.rules  # type: ignore[attr-defined]  # pytest passes the value
    assert find_mistakes(rules) == ()
    assert read_rule_set(write_rule_set(rules)) == rules
    typed = {name: value for name, value in fill_form(rules).items() if value != ""}
    read = Figures().load({**typed, "valid_from": "2027-01-01"})
    same = replace(read["rules"], points=replace(
        read["rules"].points, coefficients_bp=rules.points.coefficients_bp))  # fmt: skip
    bank = replace(same.time_bank, coin_kinds=rules.time_bank.coin_kinds)
    assert replace(same, time_bank=bank) == rules
    assert set(same.time_bank.coin_kinds) == set(rules.time_bank.coin_kinds)


def test_contradicting_figures_are_named() -> None:
    rules = preset_rules("guangdong")
    wrong = replace(rules, hours=replace(rules.hours, second_review_above_minutes=60))
    assert find_mistakes(wrong) == ("second_review_above_minutes",)
    waiting = replace(rules, points=replace(rules.points, earning=(HoursClass.PENDING,)))
    assert find_mistakes(waiting) == ("earning",)
    with pytest.raises(ValueError, match="unknown figures"):
        read_rule_set({**write_rule_set(rules), "points": {"pointz": 1}})


def test_the_latest_started_set_decides_a_day(street: Neighbours) -> None:
    today = clock.today()
    start = today + timedelta(days=10)
    change_rules(street, preset_rules("huangshi"), start)
    with db.read() as session:
        on = [
            find_rule_set_on(session, street.community_id, day)
            for day in (today - timedelta(days=1), today, start - timedelta(days=1), start)
        ]
    assert [each.rules.name if each else None for each in on] == [
        None, "通用规则", "通用规则", "黄石志愿积分",
    ]  # fmt: skip


def test_nobodys_past_is_judged_anew(street: Neighbours) -> None:
    for day in (clock.today(), clock.today() - timedelta(days=30)):
        with pytest.raises(StartsTooEarly):
            change_rules(street, preset_rules("huangshi"), day)
    chief = street.actor(street.chief)
    with pytest.raises(UnknownPreset):
        db.write(service.adopt_rule_set, chief, "atlantis", date(2027, 1, 1))
    rules = preset_rules("guangdong")
    wrong = replace(rules, hours=replace(rules.hours, second_review_above_minutes=60))
    with pytest.raises(FiguresContradict):
        change_rules(street, wrong, date(2027, 1, 1))


def test_a_set_is_withdrawn_before_it_starts_only(street: Neighbours) -> None:
    start = clock.today() + timedelta(days=2)
    coming = change_rules(street, preset_rules("huangshi"), start)
    chief = street.actor(street.chief)
    with db.read() as session:
        now = find_rule_set_on(session, street.community_id, clock.today())
    assert now is not None
    with pytest.raises(SetHasStarted):
        db.write(service.withdraw_rule_set, chief, now.id)
    db.write(service.withdraw_rule_set, chief, coming)
    with db.read() as session:
        then = find_rule_set_on(session, street.community_id, start)
    assert then is not None
    assert then.id == now.id


def test_only_staff_of_this_community_change_rules(street: Neighbours) -> None:
    with pytest.raises(NotAllowed):
        db.write(service.adopt_rule_set, street.actor(street.granny), "huangshi", date(2027, 1, 1))
    other = builders.make_community("lanting", "兰亭社区")
    with db.read() as session, pytest.raises(NotFound):
        get_rule_set(session, other, 1)


def test_the_database_keeps_a_sets_figures(street: Neighbours) -> None:
    def change(session: Session, actor: Actor) -> None:
        session.execute(text("UPDATE rule_set SET valid_from = 20200101"))

    with pytest.raises(IntegrityError):
        db.write(change, street.actor(street.chief))


def test_a_preview_counts_again_and_changes_nothing(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    db.write(confirm_hours, actor, street.volunteer, 120, ServiceKind.PATROL)
    rules = preset_rules("huangshi")
    today = clock.today()
    with db.read() as session:
        effect = preview_effect(
            session, street.community_id, rules, today - timedelta(days=90), today
        )
    assert (effect.records, effect.points_now, effect.points_then) == (1, 20, 2)
    assert effect.people_with_less == 1
    assert street.points(street.volunteer) == 20


def test_every_word_of_a_preset_can_be_translated() -> None:
    said = {
        words
        for each in presets()
        for words in (each.remark, each.rules.name, each.rules.locality, each.rules.legal_basis)
    }
    assert said <= set(PRESET_WORDS)
