"""The pages: what everybody sees of a box, an opener's and an owner's part, and the auditors'."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from community import sealing, transparency
from community.kernel import clock, db, ids
from community.kernel.permissions import Role
from community.sealing.rules.header import encode
from tests import builders
from tests.architecture import house
from tests.sealing.scene import MICROSECOND, Scene, make_box, make_sealed_box, public_of
from tests.sealing.vectors import key_of

HOME = "/c/guihua/sealing"


def post(client: FlaskClient, address: str, **fields: object) -> TestResponse:
    form = client.get(f"{HOME}/key").get_data(as_text=True)
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', form)[:1]
    return client.post(
        f"{HOME}/{address}",
        data={"csrf_token": token, "request_key": ids.random_code(26), **fields},
        content_type="multipart/form-data",
    )


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(f"{HOME}/{address}" if address else HOME)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def key_file(scene: Scene, owner: str, key: bytes) -> tuple[io.BytesIO, str]:
    box = scene.view()
    words = {
        "box": box.token,
        "format": "community-sealing-owner/1",
        "key": key.hex(),
        "owner": owner,
        "subject": box.subject,
    }
    return io.BytesIO(json.dumps(words).encode()), "bid-1.key.json"


def shares_text(scene: Scene, place: int) -> str:
    return json.dumps(
        [
            {"envelope": each.envelope_id, "share": each.share and each.share.hex()}
            for each in scene.shares(place)
        ]
    )


def still(client: FlaskClient, address: str) -> str:
    """Give a page without what is drawn anew each time it is shown."""
    return re.sub(r'name="(csrf_token|request_key)" value="[^"]+"', "", text_of(client, address))


def open_all(scene: Scene) -> None:
    if scene.private:
        for place in (1, 2, 3):
            scene.give(place)
    else:
        db.write(sealing.unseal_box, scene.system, scene.box_id)


@pytest.mark.parametrize("level", list(sealing.BoxLevel))
def test_until_the_opening_a_box_looks_the_same_whatever_came(
    client: FlaskClient, level: sealing.BoxLevel
) -> None:
    scene = make_sealed_box() if level is sealing.BoxLevel.L2 else make_box(level)
    address = f"boxes/{scene.box_id}"
    pages = [address, "", *([f"{address}/binding.json?owner=bid:1"] if scene.private else [])]
    with clock.fixed(scene.deadline - MICROSECOND):
        before = [still(client, each) for each in pages]
        for number in range(5):
            owner = f"bid:{number}"
            content = scene.seal(owner, b"95000").envelope if scene.private else b"95000"
            scene.put(owner, content)
        assert [still(client, each) for each in pages] == before
    with clock.fixed(scene.deadline):
        shut = text_of(client, address)
        assert not any(each.commitment.hex() in shut for each in scene.trace("bid:3"))
        open_all(scene)
        after = text_of(client, address)
    assert all(each.commitment.hex() in after for each in scene.trace("bid:3"))


def test_an_opener_gives_shares_on_the_page(client: FlaskClient) -> None:
    scene = make_sealed_box(3, 2)
    scene.put("bid:1", scene.seal("bid:1", b"95000").envelope)
    address = f"boxes/{scene.box_id}/shares"
    builders.sign_in(client, scene.people[0])
    assert "data-shares" not in text_of(client, address)
    with clock.fixed(scene.deadline):
        assert "data-shares" in text_of(client, address)
        for wrong in ("", "{}", "[]", '[{"envelope": 1}]', '[{"envelope": 1, "share": "00"}]'):
            assert post(client, address, shares=wrong).status_code == 422
        told = json.loads(text_of(client, f"{address}.json"))
        assert len(told["envelopes"]) == 1
        assert post(client, address, shares=shares_text(scene, 1)).status_code == 303
        builders.sign_in(client, scene.people[1])
        assert post(client, address, shares=shares_text(scene, 1)).status_code == 409
        assert post(client, address, shares=shares_text(scene, 2)).status_code == 303
        assert [each.content for each in scene.contents()] == [b"95000"]


def test_a_neighbour_is_no_opener(client: FlaskClient) -> None:
    scene = make_sealed_box(3, 2)
    builders.sign_in(client, builders.make_person(scene.community_id))
    for address in ("shares", "shares.json"):
        assert client.get(f"{HOME}/boxes/{scene.box_id}/{address}").status_code == 403


def test_an_owner_opens_the_own_envelope_by_the_key_file(client: FlaskClient) -> None:
    scene = make_sealed_box(3, 2)
    sealed = scene.seal("bid:1", b"95000")
    scene.put("bid:1", sealed.envelope)
    address = f"boxes/{scene.box_id}/own"
    builders.sign_in(client, builders.make_person(scene.community_id))
    # Before the deadline the answer is the same for an owner who handed in and one who did not.
    early = [
        post(client, address, key_file=key_file(scene, owner, sealed.key))
        for owner in ("bid:1", "bid:2")
    ]
    assert [each.status_code for each in early] == [409, 409]
    assert len({sentence_of(each) for each in early}) == 1
    with clock.fixed(scene.deadline):
        for wrong in (b"", b"{}", b"\xff", b"[" * 4_000):
            assert post(client, address, key_file=(io.BytesIO(wrong), "a.json")).status_code == 422
        other = key_file(scene, "bid:1", bytes(32))
        nobody = key_file(scene, "bid:9", bytes(32))
        wrong_keys = [post(client, address, key_file=each) for each in (other, nobody)]
        assert [each.status_code for each in wrong_keys] == [409, 409]
        assert len({sentence_of(each) for each in wrong_keys}) == 1
        mine = key_file(scene, "bid:1", sealed.key)
        assert post(client, address, key_file=mine).status_code == 303
        assert [each.how for each in scene.contents()] == [sealing.HowOpened.OWNER]


def sentence_of(answer: TestResponse) -> str:
    page = answer.get_data(as_text=True)
    return page.partition('role="alert"')[2].partition("</p>")[0]


def test_a_key_is_registered_and_in_the_log_without_a_name(client: FlaskClient) -> None:
    community_id = builders.make_community()
    person = builders.make_person(community_id, "王秀英")
    builders.sign_in(client, person)
    assert post(client, "key", public_key="not base64").status_code == 422
    assert post(client, "key", public_key=encode(bytes(65))).status_code == 422
    point = public_of(key_of("page"))
    assert post(client, "key", public_key=encode(point)).status_code == 303
    with db.read() as session:
        found = sealing.find_opener_key(session, community_id, person)
        assert found is not None
        [record] = transparency.records_of(session, community_id, "sealing.key")
        [page] = transparency.records_of(session, community_id, "sealing.page")
    assert json.loads(record.content)["fingerprint"] == found.fingerprint
    assert "王秀英" not in record.content.decode()
    assert json.loads(page.content)["sha256"] == sealing.page_hash()
    assert found.fingerprint in text_of(client, "")
    assert "王秀英" not in text_of(client, "")


def test_auditors_check_an_opened_box(client: FlaskClient) -> None:
    scene = make_sealed_box(3, 2)
    sealed = scene.seal("bid:1", b"95000")
    receipt = scene.put("bid:1", sealed.envelope)
    auditor = builders.make_person(scene.community_id, "审计", roles=(Role.AUDITOR,))
    check = f"{HOME}/boxes/{scene.box_id}/check.json"
    builders.sign_in(client, auditor)
    assert client.get(check).status_code == 409
    with clock.fixed(scene.deadline):
        scene.give(1)
        scene.give(2)
        [told] = json.loads(client.get(check).get_data())["envelopes"]
        raw = client.get(f"{HOME}/envelopes/{receipt.envelope_id}/sealed").get_data()
    assert raw == sealed.envelope
    digest = hashlib.sha256(bytes.fromhex(told["salt"]) + raw).hexdigest()
    assert digest == told["commitment"] == receipt.commitment.hex()
    assert told["key"] == sealed.key.hex()
    builders.sign_in(client, builders.make_person(scene.community_id, roles=(Role.STAFF,)))
    assert client.get(check).status_code == 403


def test_the_binding_is_what_an_envelope_is_checked_against(client: FlaskClient) -> None:
    scene = make_sealed_box(3, 2)
    words = json.loads(text_of(client, f"boxes/{scene.box_id}/binding.json?owner=bid:7"))
    expected = scene.view().binding("bid:7")
    assert (words["box"], words["owner"], words["k"]) == (expected.token, "bid:7", 2)
    assert words["openers"] == [encode(each) for each in expected.openers]
    for owner in ("", "a" * 121):
        assert (
            client.get(f"{HOME}/boxes/{scene.box_id}/binding.json?owner={owner}").status_code == 422
        )
    plain = make_box(subject="trial:8", community_id=scene.community_id)
    assert client.get(f"{HOME}/boxes/{plain.box_id}/binding.json?owner=a").status_code == 422


def test_the_offline_page_is_given_byte_for_byte(client: FlaskClient) -> None:
    builders.make_community()
    found = client.get(f"{HOME}/seal.html")
    assert hashlib.sha256(found.get_data()).hexdigest() == sealing.page_hash()
    assert "attachment" in found.headers["Content-Disposition"]
    assert sealing.page_hash() in text_of(client, "page")


def test_the_offline_page_is_made_of_the_sites_modules() -> None:
    command = [sys.executable, ".ci/sealing_page.py", "--check"]
    assert subprocess.run(command, cwd=house.ROOT, check=False).returncode == 0


def test_another_communitys_box_is_not_found(client: FlaskClient) -> None:
    scene = make_box()
    builders.make_community("lijing", "丽景社区")
    assert client.get(f"/c/lijing/sealing/boxes/{scene.box_id}").status_code == 404
