"""Files: told by their bytes, pictures made safe, bytes checked against their hash."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotFound
from community.kernel.files import FileKind, Upload, intake, pictures
from tests import builders

GPS = 0x8825
ORIENTATION = 0x0112


@pytest.fixture
def community(database: Database) -> int:
    return builders.make_community()


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "red").save(drawn, kind, **options)
    return drawn.getvalue()


def sheet() -> bytes:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def keep(community: int, content: bytes, name: str = "a.jpg") -> int:
    ready = files.take_in(Upload(name, content))
    kept: int = db.write(files.keep_file, Actor.system(community), ready)
    return kept


def read(database: Database, community: int, file_id: int) -> bytes:
    with database.read() as session:
        view = files.get_file(session, community, file_id)
    with files.open_file(view) as opened:
        return opened.read()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("JPEG"), FileKind.JPEG),
        (picture("PNG"), FileKind.PNG),
        (picture("WEBP"), FileKind.WEBP),
        (b"%PDF-1.7\n%EOF", FileKind.PDF),
        (sheet(), FileKind.XLSX),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, FileKind.XLS),
        ("姓名,楼栋\n王秀英,3 号楼\n".encode("gb18030"), FileKind.CSV),
        ("\ufeff姓名,楼栋\n".encode(), FileKind.CSV),
    ],
)
def test_a_kind_is_told_by_bytes_not_by_name(
    community: int, content: bytes, kind: FileKind
) -> None:
    assert files.take_in(Upload("lies.exe", content)).kind is kind


def test_location_and_camera_are_gone_and_the_picture_stands_upright(
    database: Database, community: int
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (39.0, 54.0, 0.0)
    file_id = keep(community, picture(size=(60, 40), exif=exif))
    kept = read(database, community, file_id)
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (40, 60)
        assert not image.getexif()
    assert b"SecretPhone" not in kept
    assert b"Exif" not in kept


def test_a_large_picture_is_made_smaller(community: int) -> None:
    ready = files.take_in(Upload("big.jpg", picture(size=(4000, 1000))))
    assert (ready.width, ready.height) == (2000, 500)


def test_transparency_is_kept(community: int) -> None:
    drawn = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(drawn, "PNG")
    ready = files.take_in(Upload("logo.png", drawn.getvalue()))
    with Image.open(intake.path_of(ready.sha256)) as image:
        assert image.mode == "RGBA"


def test_a_bomb_is_not_unpacked(community: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_MEGAPIXELS", 1)
    with pytest.raises(files.PictureTooLarge, match="百万像素"):
        files.take_in(Upload("bomb.png", picture("PNG", size=(2000, 1000))))


def test_a_zip_bomb_is_no_sheet(community: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.xml", b"0" * (30 << 20))
    with pytest.raises(files.FileUnreadable):
        files.take_in(Upload("bomb.xlsx", made.getvalue()))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", files.FileEmpty),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", files.HeicRefused),
        (b"MZ\x90\x00\x03" + b"\x00" * 50, files.FileKindRefused),
        (b"<html><script>alert(1)</script>", files.FileKindRefused),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", files.FileKindRefused),
        (picture()[:60], files.FileUnreadable),
        (b"\xff\xd8\xff\xe0 not really", files.FileUnreadable),
        (b"PK\x03\x04 cut short", files.FileUnreadable),
    ],
)
def test_what_cannot_be_kept_is_refused(
    community: int, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        files.take_in(Upload("a.jpg", content))


def test_limits_of_size_and_kind(community: int) -> None:
    with pytest.raises(files.FileTooLarge, match="最多 1 MB"):
        files.take_in(Upload("a.csv", b"a," * (1 << 20)), most_bytes=1 << 20)
    with pytest.raises(files.FileKindRefused, match="JPEG、PNG、WEBP"):
        files.take_in(Upload("a.pdf", b"%PDF-1.4"), files.IMAGES)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\照片\\门口.JPEG", "门口.jpg"),
        ('a"b\r\nSet-Cookie: x.jpg', "abSet-Cookie x.jpg"),
        ("", "文件.jpg"),
        ("...", "文件.jpg"),
    ],
)
def test_names_are_harmless(name: str, kept: str) -> None:
    assert intake.clean_name(name, FileKind.JPEG) == kept


def test_files_belong_to_their_community(database: Database, community: int) -> None:
    file_id = keep(community, picture())
    with database.read() as session, pytest.raises(NotFound):
        files.get_file(session, community + 1, file_id)


def test_the_bytes_of_a_row_never_change(community: int) -> None:
    file_id = keep(community, picture())

    def forge(session: Session, actor: Actor) -> None:
        session.execute(
            text("UPDATE stored_file SET sha256 = :hash WHERE id = :id"),
            {"hash": "0" * 64, "id": file_id},
        )

    with pytest.raises(IntegrityError):
        db.write(forge, Actor.system(community))


def test_missing_and_changed_bytes_are_found(database: Database, community: int) -> None:
    first = keep(community, b"a,b\n1,2\n", "a.csv")
    second = keep(community, b"c,d\n3,4\n", "b.csv")
    with database.read() as session:
        assert files.file_problems(session) == []
        paths = [
            intake.path_of(files.get_file(session, community, each).sha256)
            for each in (first, second)
        ]
    paths[0].write_bytes(b"a,b\n1,9\n")
    paths[1].unlink()
    with database.read() as session:
        found = files.file_problems(session)
    assert [("changed" in each, "missing" in each) for each in found] == [
        (True, False),
        (False, True),
    ]
    with database.read() as session, pytest.raises(NotFound):
        files.open_file(files.get_file(session, community, second))


def test_dropped_and_orphaned_bytes_leave_the_disk(database: Database, community: int) -> None:
    shared, other = b"x,y\n5,6\n", b"only,this\n"
    first, second = keep(community, shared, "a.csv"), keep(community, shared, "b.csv")
    dropped = keep(community, other, "c.csv")
    orphan = files.take_in(Upload("o.csv", b"never,kept\n"))
    with database.read() as session:
        gone = intake.path_of(files.get_file(session, community, dropped).sha256)
    for each in (first, dropped):
        db.write(files.drop_file, Actor.system(community), each)
    age(gone, intake.path_of(orphan.sha256))
    age(*intake.folder().glob("??/*"))
    files.remove_orphans()
    assert not gone.exists()
    assert not intake.path_of(orphan.sha256).exists()
    assert read(database, community, second) == shared
    with database.read() as session, pytest.raises(NotFound):
        files.get_file(session, community, first)


def test_young_bytes_wait_for_their_row(community: int) -> None:
    ready = files.take_in(Upload("o.csv", b"soon,kept\n"))
    path = intake.path_of(ready.sha256)
    moment = clock.micros(clock.now()) * 1_000
    os.utime(path, ns=(moment, moment))
    files.remove_orphans()
    assert path.exists()


def age(*paths: Path) -> None:
    old = clock.micros(clock.now() - timedelta(days=2)) * 1_000
    for each in paths:
        os.utime(each, ns=(old, old))
