"""Every way to sign in: right, wrong, too often; and nothing betrays who is registered."""

from __future__ import annotations

import queue
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from community.identity import service
from community.identity.errors import CodeAskedTooOften, TooManyAttempts
from community.identity.queries.sessions import password_hashes
from community.identity.rules.signing_in import PASSWORDS_PER_NUMBER, device_words
from community.identity.service import passwords
from community.kernel import clock, db, ids, outbox
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.permissions import Role
from tests import builders
from tests.conftest import NOON

NUMBER = "13800000001"
NOBODYS = "13800000009"
VISITOR = Actor.visitor(0)


class Phones:
    """Where texts arrive in a test."""

    def __init__(self) -> None:
        self.texts: queue.Queue[outbox.Outgoing] = queue.Queue()

    def send(self, message: outbox.Outgoing) -> None:
        self.texts.put(message)

    def code(self) -> str:
        found = re.search(r"\d{6}", self.texts.get(timeout=5).body)
        assert found
        return found.group()


@pytest.fixture
def phones(database: Database) -> Iterator[Phones]:
    made = Phones()
    before = outbox.find_sender(outbox.Channel.SMS)
    outbox.set_sender(outbox.Channel.SMS, made)
    yield made
    outbox.set_sender(outbox.Channel.SMS, before)


def post(client: FlaskClient, path: str, **form: str) -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in/password").text)
    assert token
    fields = {"csrf_token": token.group(1), "request_key": ids.random_code(20)}
    return client.post(path, data={**fields, **form})


def give_password(person_id: int, password: str) -> None:
    db.write(service.set_password, Actor(0, person_id), service.hash_password(password))


def make_slip(community_id: int, person_id: int) -> str:
    clerk = builders.make_person(community_id, "周宁", roles=(Role.STAFF,))
    actor = builders.actor(community_id, clerk)
    made = db.write(service.give_slip, actor, person_id)
    with db.read() as session:
        return builders.slip_code(session, clerk, made.slip_id)


def test_a_resident_signs_in_by_phone_code(client: FlaskClient, phones: Phones) -> None:
    here = builders.make_community()
    builders.make_person(here, phone=NUMBER)
    assert post(client, "/sign-in", number=NUMBER).location == "/sign-in/code"
    code = phones.code()
    assert post(client, "/sign-in/code", code="000000").status_code == 422
    assert post(client, "/sign-in/code", code=code).location == "/communities"
    assert client.get("/communities").location == "/consent"
    assert "个人信息" in client.get("/consent").text
    assert post(client, "/consent").location == "/communities"
    assert client.get("/c/guihua/account").status_code == 200


def test_a_code_works_once_and_for_five_minutes(client: FlaskClient, phones: Phones) -> None:
    here = builders.make_community()
    builders.make_person(here, phone=NUMBER)
    post(client, "/sign-in", number=NUMBER)
    code = phones.code()
    with clock.fixed(NOON + timedelta(minutes=5)):
        assert post(client, "/sign-in/code", code=code).status_code == 422
    with clock.fixed(NOON + timedelta(minutes=4, seconds=59)):
        assert post(client, "/sign-in/code", code=code).status_code == 303
    entry = db.write(service.enter_by_code, VISITOR, NUMBER, code, "", "")
    assert entry == service.NothingProved()


def test_a_family_on_one_number_chooses_after_proving_it(
    client: FlaskClient, phones: Phones
) -> None:
    here = builders.make_community()
    first = builders.make_person(here, "王秀英", birth_year=1950, phone=NUMBER)
    builders.make_person(here, "李明", birth_year=1975, phone=NUMBER)
    builders.make_person(here, "李小乐", birth_year=2020, phone=NUMBER)
    stranger = builders.make_person(here, "赵敏", phone="13800000002")
    assert client.get("/sign-in/who").status_code == 403
    post(client, "/sign-in", number=NUMBER)
    assert post(client, "/sign-in/code", code=phones.code()).location == "/sign-in/who"
    page = client.get("/sign-in/who").text
    assert "王秀英" in page
    assert "李明" in page
    assert "李小乐" not in page, "a child under 14 signs in through a guardian only"
    assert post(client, "/sign-in/who", person_id=str(stranger)).status_code == 403
    assert post(client, "/sign-in/who", person_id=str(first)).location == "/communities"


def test_a_childs_own_number_lets_nobody_in(client: FlaskClient, phones: Phones) -> None:
    here = builders.make_community()
    builders.make_person(here, "李小乐", birth_year=2020, phone=NUMBER)
    post(client, "/sign-in", number=NUMBER)
    answer = post(client, "/sign-in/code", code=phones.code())
    assert answer.status_code == 403
    assert "监护人" in answer.text


def test_the_answer_is_the_same_for_a_number_nobody_has(
    client: FlaskClient, phones: Phones
) -> None:
    here = builders.make_community()
    person = builders.make_person(here, phone=NUMBER)
    give_password(person, "correct horse")

    def answers(number: str) -> list[tuple[int, str | None, str]]:
        asked = post(client, "/sign-in", number=number)
        wrong = post(client, "/sign-in/code", code="000000")
        password = post(client, "/sign-in/password", number=number, password="wrong horse")
        return [_shown(each) for each in (asked, wrong, password)]

    known, unknown = answers(NUMBER), answers(NOBODYS)
    assert [row[:2] for row in known] == [row[:2] for row in unknown]
    assert [row[2].replace(NUMBER, "") for row in known] == [
        row[2].replace(NOBODYS, "") for row in unknown
    ]


def _shown(answer: TestResponse) -> tuple[int, str | None, str]:
    page = re.sub(r'(csrf_token|request_key)" value="[^"]+"', "", answer.text)
    masked = re.sub(r"138\*{4}\d{4}", "", page)
    return answer.status_code, answer.location, re.sub(r"nonce-\S+", "", masked)


def test_the_same_work_is_done_for_a_number_nobody_has(
    database: Database, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = builders.make_community()
    give_password(builders.make_person(here, phone=NUMBER), "correct horse")
    verified: list[str] = []
    real = passwords.is_password

    def counted(stored: str, password: str) -> bool:
        verified.append(stored)
        return real(stored, password)

    monkeypatch.setattr(passwords, "is_password", counted)

    def work(number: str) -> tuple[int, int]:
        statements: list[str] = []

        def note(*parts: object) -> None:
            statements.append(str(parts[2]))

        verified.clear()
        event.listen(database.writer_engine, "before_cursor_execute", note)
        try:
            db.write(service.ask_for_code, VISITOR, number, "10.0.0.1")
            db.write(service.enter_by_code, VISITOR, number, "000000", "10.0.0.1", "")
            attempt = db.write(service.open_password_attempt, VISITOR, number, "10.0.0.1")
            with db.read() as session:
                stored = password_hashes(session, number)
            proved = service.find_matches(stored, "wrong horse")
            db.write(service.enter_by_password, VISITOR, attempt, proved, "")
        finally:
            event.remove(database.writer_engine, "before_cursor_execute", note)
        return len(statements), len(verified)

    known = work(NUMBER)
    assert known == work(NOBODYS)
    assert known[1] == PASSWORDS_PER_NUMBER


def test_a_password_signs_in_the_one_it_belongs_to(client: FlaskClient) -> None:
    here = builders.make_community()
    mother = builders.make_person(here, "王秀英", phone=NUMBER)
    son = builders.make_person(here, "李明", birth_year=1985, phone=NUMBER)
    give_password(mother, "osmanthus in autumn")
    give_password(son, "elevator repaired")
    answer = post(client, "/sign-in/password", number=NUMBER, password="elevator repaired")
    assert answer.location == "/communities"
    post(client, "/consent")
    assert "李明" in client.get("/c/guihua/account").text


def test_wrong_tries_wait_by_account_and_by_address(database: Database, phones: Phones) -> None:
    for _ in range(5):
        db.write(service.open_password_attempt, VISITOR, NUMBER, "10.0.0.1")
    with pytest.raises(TooManyAttempts):
        db.write(service.open_password_attempt, VISITOR, NUMBER, "10.0.0.2")
    db.write(service.open_password_attempt, VISITOR, NOBODYS, "10.0.0.1")
    with clock.fixed(NOON + timedelta(minutes=15)):
        db.write(service.open_password_attempt, VISITOR, NUMBER, "10.0.0.2")
    for place in range(40):
        db.write(service.open_password_attempt, VISITOR, f"139000000{place:02d}", "10.0.0.9")
    with pytest.raises(TooManyAttempts):
        db.write(service.enter_by_slip, VISITOR, "A", "10.0.0.9", "")


def test_the_throttle_stands_in_front_of_the_right_password(client: FlaskClient) -> None:
    here = builders.make_community()
    give_password(builders.make_person(here, phone=NUMBER), "correct horse")
    for _ in range(5):
        answer = post(client, "/sign-in/password", number=NUMBER, password="wrong horse")
        assert answer.status_code == 422
    answer = post(client, "/sign-in/password", number=NUMBER, password="correct horse")
    assert answer.status_code == 429
    assert "15 分钟" in answer.text


def test_a_code_is_guessed_at_five_times_at_most(database: Database, phones: Phones) -> None:
    here = builders.make_community()
    builders.make_person(here, phone=NUMBER)
    made = db.write(service.ask_for_code, VISITOR, NUMBER, "10.0.0.1")
    wrong = "000000" if made.code != "000000" else "000001"
    for place in range(5):
        db.write(service.enter_by_code, VISITOR, NUMBER, wrong, f"10.0.1.{place}", "")
    with pytest.raises(TooManyAttempts):
        db.write(service.enter_by_code, VISITOR, NUMBER, made.code, "10.0.2.1", "")


def test_codes_are_not_sent_again_and_again(database: Database) -> None:
    db.write(service.ask_for_code, VISITOR, NUMBER, "10.0.0.1")
    with pytest.raises(CodeAskedTooOften):
        db.write(service.ask_for_code, VISITOR, NUMBER, "10.0.0.1")
    for minute in range(2, 6):
        with clock.fixed(NOON + timedelta(minutes=minute)):
            db.write(service.ask_for_code, VISITOR, NUMBER, "10.0.0.1")
    with clock.fixed(NOON + timedelta(minutes=9)), pytest.raises(CodeAskedTooOften):
        db.write(service.ask_for_code, VISITOR, NUMBER, "10.0.0.1")


def test_one_address_does_not_text_a_whole_town(database: Database) -> None:
    for place in range(30):
        db.write(service.ask_for_code, VISITOR, f"139000000{place:02d}", "10.0.0.1")
    with pytest.raises(CodeAskedTooOften):
        db.write(service.ask_for_code, VISITOR, "13900000099", "10.0.0.1")


def test_a_slip_from_the_desk_works_once(client: FlaskClient) -> None:
    here = builders.make_community()
    resident = builders.make_person(here)
    code = make_slip(here, resident)
    typed = f"{code[:5].lower()} - {code[5:].lower()}"
    assert post(client, "/sign-in/slip", code=typed).location == "/communities"
    again = post(client.application.test_client(), "/sign-in/slip", code=code)
    assert again.status_code == 422


def test_a_letter_lets_the_household_in_and_newcomers_register(client: FlaskClient) -> None:
    here = builders.make_community()
    home = builders.make_household(here)
    builders.make_person(here, "王秀英", household_id=home)
    code = builders.make_letter(here, home, uses=1)
    assert code in client.get(f"/l/{code}").text
    assert post(client, "/sign-in/letter", code=code).location == "/sign-in/who"
    assert "王秀英" in client.get("/sign-in/who").text
    twin = post(client, "/sign-in/newcomer", name="王秀英", birth_year="1958")
    assert twin.status_code == 409
    done = post(client, "/sign-in/newcomer", name="李明", birth_year="1985", number=NUMBER)
    assert done.location == "/communities"
    post(client, "/consent")
    assert "3 号楼" in client.get("/c/guihua/account").text
    assert post(client, "/sign-in/letter", code=code).status_code == 422


def test_without_a_gateway_the_page_offers_the_other_ways(client: FlaskClient) -> None:
    before = outbox.find_sender(outbox.Channel.SMS)
    outbox.set_sender(outbox.Channel.SMS, None)
    try:
        page = client.get("/sign-in").text
    finally:
        outbox.set_sender(outbox.Channel.SMS, before)
    assert "密码登录" in page
    assert "短信验证码" not in page


def test_going_on_leads_only_to_this_site(client: FlaskClient) -> None:
    here = builders.make_community()
    give_password(builders.make_person(here, phone=NUMBER), "correct horse")
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        client.get("/sign-in", query_string={"next": target})
        answer = post(client, "/sign-in/password", number=NUMBER, password="correct horse")
        assert answer.location == "/"
        post(client, "/sign-out")
    client.get("/sign-in?next=/c/guihua/account")
    answer = post(client, "/sign-in/password", number=NUMBER, password="correct horse")
    assert answer.location == "/c/guihua/account"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU) MicroMessenger/8.0", "微信 · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge · Windows 电脑"),
        ("curl/8", ""),
    ],
)
def test_a_device_is_told_in_a_few_words(agent: str, words: str) -> None:
    assert device_words(agent) == words
