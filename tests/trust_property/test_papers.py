"""Vouchers: originals lie encrypted, copies are public, each opening is written down."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import db, files
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.files.intake import path_of
from community.transparency.queries.checkpoints import verifier_keys
from community.trust_property.errors.papers import TwinSame
from community.trust_property.errors.questions import PersonalWords
from community.trust_property.queries.papers import find_twin, openings
from community.trust_property.queries.spending import request_papers
from community.trust_property.service.papers import open_paper
from community.trust_property.service.vouchers import Paper
from tests import builders
from tests.transparency.test_packing import verify
from tests.trust_property.acts import ask, paper, published, spending_scene
from tests.trust_property.scene import Scene, make_scene
from tests.trust_property.test_views_bills import hidden


def picture(colour: str) -> bytes:
    """Make a small PNG."""
    written = BytesIO()
    Image.new("RGB", (60, 40), colour).save(written, "PNG")
    return written.getvalue()


def with_copy() -> Paper:
    """Take in an original with its blacked-out copy."""
    original = files.take_in(files.Upload("发票.png", picture("white")), is_sealed=True)
    return Paper("发票", original, files.take_in(files.Upload("发票.png", picture("black"))))


def asked(scene: Scene, payee: int, *papers: Paper) -> tuple[int, int, str]:
    """Ask with papers; tells the request, the first paper's file and hash."""
    made = ask(scene, payee, quotes=papers or (paper(),))
    with db.read() as session:
        kept = request_papers(session, scene.firm, scene.fund_id, made)[0]
    return made, kept.file_id, kept.sha256


def test_an_original_is_not_readable_on_disk_and_comes_back_whole(database: Database) -> None:
    scene, payee = spending_scene()
    _, file_id, sha256 = asked(scene, payee)
    sealed = path_of(sha256, is_sealed=True).read_bytes()
    assert b"%PDF" not in sealed
    assert not path_of(sha256).exists()
    with db.read() as session:
        view = files.get_file(session, scene.community_id, file_id)
        with files.open_file(view) as opened:
            content = opened.read()
        assert files.file_problems(session) == []
    assert hashlib.sha256(content).hexdigest() == sha256
    assert content.startswith(b"%PDF")


def test_a_changed_original_is_named(database: Database) -> None:
    scene, payee = spending_scene()
    _, file_id, sha256 = asked(scene, payee)
    path = path_of(sha256, is_sealed=True)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with db.read() as session:
        found = files.file_problems(session)
        view = files.get_file(session, scene.community_id, file_id)
        with pytest.raises(files.FileUnreadable):
            files.open_file(view)
    assert any(f"file {file_id} has changed" in each for each in found)
    path.write_bytes(whole)


def test_the_copy_is_public_and_the_original_is_not(
    database: Database, client: FlaskClient
) -> None:
    scene, payee = spending_scene()
    request, file_id, sha256 = asked(scene, payee, with_copy())
    with db.read() as session:
        twin = find_twin(session, scene.owner, sha256)
    (told,) = published(scene, "trust.twin")
    assert told["sha256"] == sha256
    page = client.get(f"/c/guihua/fund/{scene.fund_id}/spending/{request}").text
    assert f"/c/guihua/fund/twins/{twin}" in page
    shown = client.get(f"/c/guihua/fund/twins/{twin}")
    assert hashlib.sha256(shown.data).hexdigest() == told["redacted_sha256"]
    address = f"/c/guihua/desk/fund/{scene.fund_id}/papers/{file_id}"
    assert client.get(address).status_code in {302, 303}
    builders.sign_in(client, scene.owner.person_id or 0)
    assert client.get(address).status_code == 403
    make_scene("lanhua")
    assert client.get(f"/c/lanhua/fund/twins/{twin}").status_code == 404


def test_a_copy_that_hides_nothing_is_refused(database: Database) -> None:
    scene, payee = spending_scene()
    same = files.take_in(files.Upload("发票.png", picture("white")))
    original = files.take_in(files.Upload("发票.png", picture("white")), is_sealed=True)
    with pytest.raises(TwinSame):
        asked(scene, payee, Paper("发票", original, same))


def test_opening_an_original_needs_a_reason_and_is_told_everybody(
    database: Database, client: FlaskClient
) -> None:
    scene, payee = spending_scene()
    _, file_id, sha256 = asked(scene, payee)
    builders.sign_in(client, scene.auditor.person_id or 0)
    address = f"/c/guihua/desk/fund/{scene.fund_id}/papers/{file_id}"
    form = hidden(client, address)
    assert client.post(address, data=form).status_code == 422
    assert published(scene, "trust.voucher_opened") == []
    answer = client.post(address, data=form | {"reason": "核对发票抬头"})
    assert (answer.status_code, answer.data[:4]) == (200, b"%PDF")
    # The same form sent again is the same opening.
    client.post(address, data=form | {"reason": "核对发票抬头"})
    (told,) = published(scene, "trust.voucher_opened")
    assert (told["sha256"], told["role"], told["reason"]) == (sha256, "auditor", "核对发票抬头")
    visitor = client.application.test_client()
    page = visitor.get(f"/c/guihua/fund/{scene.fund_id}/openings").text
    assert "核对发票抬头" in page
    assert "审计人" in page
    assert "沈默" not in page


def test_who_may_not_open_an_original(database: Database) -> None:
    scene, payee = spending_scene()
    _, file_id, _ = asked(scene, payee)
    there = make_scene("lanhua")
    with pytest.raises(NotAllowed):
        db.write(open_paper, scene.owner, scene.fund_id, file_id, "看看")
    with pytest.raises(NotFound):
        db.write(open_paper, there.auditor, scene.fund_id, file_id, "看看")
    with pytest.raises(NotFound):
        db.write(open_paper, scene.auditor, scene.fund_id, file_id + 100, "看看")
    with pytest.raises(PersonalWords):
        db.write(open_paper, scene.auditor, scene.fund_id, file_id, "王秀英要看")
    with db.read() as session:
        assert openings(session, scene.owner, scene.fund_id) == ()


def test_openings_and_copies_are_never_rewritten(database: Database) -> None:
    scene, payee = spending_scene()
    _, file_id, _ = asked(scene, payee, with_copy())
    db.write(open_paper, scene.auditor, scene.fund_id, file_id, "抽查")
    for sql in (
        "UPDATE trust_paper_opening SET reason = '别的'",
        "DELETE FROM trust_paper_opening",
        "DELETE FROM trust_twin",
    ):
        with pytest.raises(DBAPIError):
            db.write(_run, scene.staff, sql)


def test_a_form_carries_originals_with_their_copies_by_name(
    database: Database, client: FlaskClient
) -> None:
    scene, payee = spending_scene()
    builders.sign_in(client, scene.firm.person_id or 0)
    desk = f"/c/guihua/desk/fund/{scene.fund_id}/spending"
    fields = {"line_code": "L01", "payee_id": f"{payee}", "amount_fen": "8600", "words": "换主板"}

    def send(*copies: str) -> int:
        form: dict[str, object] = {**hidden(client, desk), **fields}
        form["quotes"] = [(BytesIO(picture("white")), name) for name in ("甲.jpg", "乙.jpg")]
        form["quotes_twin"] = [(BytesIO(picture("black")), name) for name in copies]
        return client.post(desk, data=form).status_code

    assert send("丙.png") == 422
    assert published(scene, "trust.twin") == []
    assert send("乙.png") == 303
    assert len(published(scene, "trust.twin")) == 1


def test_an_audit_pack_carries_the_copies_and_holds(database: Database, tmp_path: Path) -> None:
    scene, payee = spending_scene()
    _, _, original = asked(scene, payee, with_copy())
    db.write(transparency.checkpoint_now, Actor.system(scene.community_id))
    # What is not sealed yet is in neither the pack's log nor its folder.
    later = files.take_in(files.Upload("合同.png", picture("red")), is_sealed=True)
    copy = files.take_in(files.Upload("合同.png", picture("blue")))
    asked(scene, payee, Paper("合同", later, copy))
    pack = tmp_path / "pack.zip"
    with db.read() as session, pack.open("wb") as written:
        written.writelines(transparency.pack_bytes(session, scene.community_id))
        (key,) = verifier_keys(session, scene.community_id)
    told = published(scene, "trust.twin")[0]
    with zipfile.ZipFile(pack) as archive:
        names = [each for each in archive.namelist() if each.startswith("vouchers/")]
    assert names == [f"vouchers/{told['redacted_sha256']}.png"]
    assert original not in str(names)
    code, said = verify("pack", pack, "--key", key)
    assert code == 0, said


def _run(session: Session, actor: Actor, sql: str) -> None:
    session.execute(text(sql))
