"""The log as anybody reads it: files for programs, pages for people."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from community import ledger
from community.kernel import db
from community.kernel.actor import Actor
from community.transparency.rules import note
from community.transparency.rules.merkle import leaf_hash, root_of
from community.transparency.rules.receipts import check_receipt, read_receipt
from community.transparency.rules.tiles import (
    bundle_places,
    read_entries,
    tile_path,
    tile_places,
)
from tests.transparency import logs


@pytest.fixture
def actor(client: FlaskClient) -> Actor:
    made = logs.make_log(255)
    logs.fill(made, 5)
    return made


def keys(client: FlaskClient) -> list[note.VerifierKey]:
    return [note.read_key(line) for line in client.get("/log/guihua/keys.txt").text.splitlines()]


def test_checkpoint_is_fresh_signed_text(actor: Actor, client: FlaskClient) -> None:
    answer = client.get("/log/guihua/checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    said, _ = note.open_checkpoint(answer.data, keys(client))
    assert (said.origin, said.size) == ("localhost/log/guihua", 260)
    again = client.get("/log/guihua/checkpoint", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    older = client.get("/log/guihua/checkpoint/255")
    assert note.open_checkpoint(older.data, keys(client))[0].size == 255
    assert client.get("/log/guihua/checkpoint/9").status_code == 404


def test_tiles_and_bundles_give_the_root(actor: Actor, client: FlaskClient) -> None:
    said, _ = note.open_checkpoint(client.get("/log/guihua/checkpoint").data, keys(client))
    records = []
    for place in bundle_places(said.size):
        answer = client.get(f"/log/guihua/{tile_path(*place)}")
        records += read_entries(answer.data)
    assert root_of([leaf_hash(each) for each in records]) == said.root
    for place in tile_places(said.size):
        answer = client.get(f"/log/guihua/{tile_path(*place)}")
        assert len(answer.data) == place.width * 32
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert ("immutable" in answer.headers["Cache-Control"]) == (place.width == 256)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("tile/0/000.p/255", 200),
        ("tile/0/000", 200),
        ("tile/0/001.p/4", 200),
        ("tile/0/001.p/5", 404),
        ("tile/0/001", 404),
        ("tile/entries/001.p/4", 200),
        ("tile/entries/002.p/1", 404),
        ("tile/1/000.p/1", 200),
        ("tile/1/000.p/2", 404),
        ("tile/0/1", 404),
        ("tile/0/000.p/0", 404),
        ("tile/0/000.p/256", 404),
        ("tile/x/000", 404),
    ],
)
def test_only_tiles_that_were_signed_exist(
    actor: Actor, client: FlaskClient, path: str, status: int
) -> None:
    db.write(logs.publish, actor, "t.note", {"note": 9})
    assert client.get(f"/log/guihua/{path}").status_code == status


def test_empty_log_and_unknown_community(client: FlaskClient) -> None:
    logs.make_log()
    assert client.get("/log/guihua/checkpoint").status_code == 404
    assert client.get("/log/nirgends/checkpoint").status_code == 404
    assert "还没有入册的记录" in client.get("/log/guihua/").text


def test_receipt_proves_offline(actor: Actor, client: FlaskClient) -> None:
    answer = client.get("/log/guihua/record/7/receipt")
    assert "receipt-guihua-6.tlog-proof" in answer.headers["Content-Disposition"]
    receipt = read_receipt(answer.data)
    checkpoint, _ = check_receipt(receipt, keys(client))
    assert (receipt.place, checkpoint.size) == (6, 260)


def test_pages_tell_waiting_from_sealed(actor: Actor, client: FlaskClient) -> None:
    waiting = db.write(logs.publish, actor, "t.note", {"note": 9, "title": "电梯"})
    page = client.get("/log/guihua/").text
    assert "已入册 260 条" in page
    assert "等待入册" in page
    assert "正在等待入册" in client.get(f"/log/guihua/record/{waiting}").text
    assert client.get(f"/log/guihua/record/{waiting}/receipt").status_code == 404
    sealed = client.get("/log/guihua/record/3").text
    assert "已入册：第 3 条" in sealed
    assert "下载凭证" in sealed
    assert "qr-code" in sealed


def test_records_are_found_by_kind_and_words(actor: Actor, client: FlaskClient) -> None:
    db.write(ledger.ensure_book, actor, ledger.BookKind.PROJECT, "一号电梯")
    found = client.get("/log/guihua/?q=一号电梯").text
    assert found.count('class="row"') == 1
    assert "新账本" in found
    assert client.get("/log/guihua/?kind=ledger.book").text.count('class="row"') == 1
    assert "没有找到" in client.get("/log/guihua/?q=%27").text
    first = client.get("/log/guihua/?kind=t.note").text
    assert first.count('class="row"') == 50
    assert "before=" in first


def test_other_pages_open(actor: Actor, client: FlaskClient) -> None:
    page = client.get("/log/guihua/checkpoints").text
    assert "最新检查点" in page
    assert str(keys(client)[0]) in page
    about = client.get("/log/guihua/about").text
    assert "没有遗漏" in about
    assert "不能证明" in about


def test_neighbours_records_stay_theirs(actor: Actor, client: FlaskClient) -> None:
    other = logs.make_log(3, "lanhua")
    assert client.get("/log/lanhua/record/7").status_code == 404
    assert client.get("/log/guihua/record/261").status_code == 404
    assert logs.latest(other).size == 3
