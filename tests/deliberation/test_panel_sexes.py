"""Places kept by sex: said by oneself, on the list only where asked for, the silent in neither."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community import identity, transparency
from community.deliberation.errors.panels import QuotaUnclear, ValueShort
from community.deliberation.queries import panels as queries
from community.deliberation.queries.quota_lines import read_quotas
from community.deliberation.service import panels
from community.deliberation.tallies.panels import Quota, draw_panel
from community.identity import Sex, service
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.lots import hash_candidates
from tests import builders
from tests.deliberation.conversing import Talk, make_talk
from tests.deliberation.test_panels import AFTER, LOTTERY, NUMBERS, draft, drawn, view
from tests.deliberation.test_poll_pages import post

WOMEN, MEN, SILENT = Quota(2, "女", 4, 4), Quota(2, "男", 3, 4), Quota(2, "?", 0, 1)


@pytest.fixture
def talk(database: Database) -> Talk:
    """Of forty people sixteen say they are women and twelve men; twelve say nothing."""
    made = make_talk(40)
    for number in range(28):
        sex = Sex.FEMALE if number < 16 else Sex.MALE
        db.write(service.tell_own_sex, made.actor(number), sex)
    return made


def test_the_draw_keeps_places_by_what_people_said_and_is_repeated(talk: Talk) -> None:
    panel = draft(talk, 8, (WOMEN, MEN, SILENT))
    db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)
    # What is said later changes nothing of a published list.
    db.write(service.tell_own_sex, talk.actor(0), None)
    with clock.fixed(AFTER):
        db.write(panels.run_draw, talk.staff, panel, NUMBERS)
    with db.read() as session:
        file = queries.draw_file(session, talk.auditor, panel)
        listed = transparency.find_record(session, talk.community_id, "panel.candidates", panel)
        told = transparency.find_record(session, talk.community_id, "panel.drawn", panel)
    assert listed is not None
    assert told is not None
    assert listed.fields["features"] == file.as_plain()["features"] == ["age", "building", "sex"]
    assert listed.fields["list_hash"] == hash_candidates([one.line for one in file.candidates])
    values = [one.features[2] for one in file.candidates]
    assert [values.count(each) for each in ("女", "男", "?")] == [16, 12, 12]
    again = draw_panel(NUMBERS.encode(), file.candidates, file.rules)
    assert [one.token for one in again] == told.fields["drawn"]
    seated = [one.features[2] for one in again]
    assert seated.count("女") == 4
    assert 3 <= seated.count("男") <= 4


def test_a_panel_that_asks_for_no_sex_names_none(talk: Talk) -> None:
    panel = drawn(talk)
    with db.read() as session:
        file = queries.draw_file(session, talk.auditor, panel)
    assert file.as_plain()["features"] == ["age", "building"]
    assert {len(one.features) for one in file.candidates} == {2}


def test_the_silent_fill_no_quota_of_either(talk: Talk) -> None:
    for person in talk.people[4:]:
        db.write(service.record_sex, talk.staff, person, None)
    panel = draft(talk, 8, (WOMEN,))
    with pytest.raises(ValueShort):
        db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)


def test_the_public_sees_no_sex(talk: Talk, client: FlaskClient) -> None:
    panel = draft(talk, 8, (WOMEN,))
    db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)
    with clock.fixed(AFTER):
        db.write(panels.run_draw, talk.staff, panel, NUMBERS)
    desk = view(talk, panel).invitations
    assert {len(one.features) for one in desk} == {3}
    with db.read() as session:
        [shown] = queries.panels(session, builders.actor(talk.community_id, talk.people[0]))
    assert {len(one.features) for one in shown.invitations} == {2}
    page = client.get(f"/c/guihua/panels/{panel}").text
    assert " · 女" not in page
    assert " · 男" not in page


def test_quotas_by_sex_are_read_as_they_are_said() -> None:
    typed = "性别 女性 至少 4 至多 5\nsex male least 3 most 5\n性别 没填 至少 0 至多 1"
    assert read_quotas(typed) == (Quota(2, "女", 4, 5), Quota(2, "男", 3, 5), Quota(2, "?", 0, 1))
    with pytest.raises(QuotaUnclear):
        read_quotas("性别 好 至少 1 至多 2")


def test_only_the_person_and_the_desk_write_it_and_it_goes_with_the_person(talk: Talk) -> None:
    own = talk.people[0]
    with pytest.raises(NotAllowed):
        db.write(service.record_sex, talk.actor(1), own, Sex.MALE)
    helper = replace(talk.actor(1), on_behalf_of=own)
    with pytest.raises(NotAllowed):
        db.write(service.tell_own_sex, helper, Sex.MALE)
    stranger = make_talk(1, "elsewhere").staff
    with pytest.raises(NotFound):
        db.write(service.record_sex, stranger, own, Sex.MALE)
    with db.read() as session:
        held = identity.export_person(session, talk.community_id, own)
    assert held["person"][0]["sex"] == "female"
    twin = builders.make_person(talk.community_id, "居民000", birth_year=None)
    db.write(service.merge_people, talk.staff, twin, own, "同一人")
    assert sexes(twin) == {twin: Sex.FEMALE}
    db.write(identity.erase_person, talk.staff, twin)
    assert sexes(twin) == {}


def test_it_is_said_on_ones_own_page_and_at_the_desk(
    talk: Talk, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())
    person = talk.people[-1]
    builders.sign_in(client, person)
    assert "我的性别" in client.get("/c/guihua/my-data").text
    assert post(client, "/c/guihua/my-data/sex", sex="male").status_code == 303
    assert sexes(person) == {person: Sex.MALE}
    assert "male" in json.dumps(client.get("/c/guihua/my-data/everything.json").json)
    builders.sign_in(client, talk.staff.person_id or 0)
    path = f"/c/guihua/people/{person}/sex"
    assert post(client, path, sex="female").status_code == 422
    agreed = {"sex": "female", "is_agreed": "1"}
    assert post(client, path, **agreed).status_code == 303
    assert sexes(person) == {person: Sex.FEMALE}
    assert post(client, path, sex="").status_code == 303
    assert sexes(person) == {}


def sexes(person_id: int) -> dict[int, Sex]:
    with db.read() as session:
        return identity.sexes_of(session, [person_id])
