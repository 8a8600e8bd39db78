"""A phone scans the notice on the lift door: unchanged, changed, or nobody can tell."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
import qrcode
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.transparency.queries import pack_bytes, records_of
from community.transparency.rules import ed25519, note
from community.transparency.rules.paper import write_paper
from community.transparency.service import signing
from tests.transparency import logs, test_audit
from tests.transparency.behind import rewrite
from tests.transparency.invented_books import REPORT, VOUCHER, fund_records
from tests.transparency.vectors import list_cases, needs_vectors, read_json
from tests.transparency.written import KEY, pack_files, read_pack, with_contents, write_pack

MODULES = "/static/js/verify/"


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    return phone.new_page()


def run(page: Page, module: str, code: str, values: Any) -> Any:
    """Run code with a module of the page in the browser; `m` is the module, `v` the values."""
    if "/verify" not in page.url:
        page.goto("/verify")
    script = f"async (v) => {{ const m = await import('{MODULES}{module}'); {code} }}"
    return page.evaluate(script, values)


BYTES = "const b = (t) => Uint8Array.from(atob(t ?? ''), (s) => s.charCodeAt(0));"


@needs_vectors
def test_browser_judges_the_196_proofs_alike(page: Page) -> None:
    inclusion = [json.loads(path.read_text("utf-8")) for path in list_cases("inclusion")]
    code = (
        "return v.map((c) => m.isIncluded(c.leafIdx, c.treeSize, b(c.leafHash), b(c.root),"
        " (c.proof ?? []).map(b)));"
    )
    assert run(page, "tree.js", BYTES + code, inclusion) == [
        not one["wantErr"] for one in inclusion
    ]
    consistency = [json.loads(path.read_text("utf-8")) for path in list_cases("consistency")]
    code = (
        "return v.map((c) => m.isConsistent(c.size1, c.size2, b(c.root1), b(c.root2),"
        " (c.proof ?? []).map(b)));"
    )
    expected = [not one["wantErr"] for one in consistency]
    assert run(page, "tree.js", BYTES + code, consistency) == expected


@needs_vectors
def test_browser_reads_the_keys_and_notes_of_the_vectors(page: Page) -> None:
    cases = read_json("signed_note.json")["cases"]
    code = "return v.map((c) => m.readNote(c.note) !== null);"
    malformed = [one.get("error") == "malformed note" for one in cases]
    assert run(page, "note.js", code, cases) == [not one for one in malformed]
    lines = [line for one in cases for line in one["vkeys"]]
    assert all(run(page, "note.js", "return v.map((l) => m.readKey(l) !== null);", lines))


def test_a_bidders_code_is_read_as_its_signed_note(page: Page) -> None:
    commitment = base64.b64encode(bytes(range(32))).decode()
    note = f"community-private-receipt/v1\n桂花里\ntender:5\n1\n{commitment}\n\n— 桂花里 AA==\n"
    code = base64.urlsafe_b64encode(note.encode()).decode().rstrip("=")
    told = (
        "const read = m.readBidCode(v);"
        " return [read.note, [...read.commitment], read.salt, m.readBidCode('!')];"
    )
    assert run(page, "note.js", told, code) == [note, list(range(32)), None, None]


def test_browser_hashes_alike(page: Page) -> None:
    texts = ["a" * length for length in (0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 300)]
    code = (
        "return v.map((t) => { const c = new TextEncoder().encode(t);"
        " return [m.hex(m.sha256(c)), m.hex(m.sha512(c))]; });"
    )
    assert run(page, "hash.js", code, texts) == [
        [hashlib.sha256(text.encode()).hexdigest(), hashlib.sha512(text.encode()).hexdigest()]
        for text in texts
    ]


def test_browser_without_ed25519_judges_signatures_alike(page: Page) -> None:
    seed = bytes(range(32))
    whole = ed25519.public_key_of(seed) + ed25519.sign(seed, b"text")
    cases = [whole]
    for place in range(0, 96, 7):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        cases.append(bytes(changed))
    code = (
        f"{BYTES} const t = new TextEncoder().encode('text');"
        " return v.map(b).map((c) => m.isSignedSlowly(c.slice(0, 32), t, c.slice(32)));"
    )
    found = run(page, "ed25519.js", code, [base64.b64encode(one).decode() for one in cases])
    assert found == [True] + [False] * (len(cases) - 1)


def show(page: Page, code: str) -> str:
    """Open the address in a notice's code as a phone's camera does; gives the verdict shown."""
    page.goto("about:blank")
    page.goto(f"/verify#{code}")
    return verdict(page)


def verdict(page: Page) -> str:
    expect(page.locator("[data-verdict]:not([hidden]):not([data-verdict=working])")).to_be_visible()
    return str(page.locator("[data-verdict]:visible").get_attribute("data-verdict"))


@pytest.mark.parametrize(("before", "after"), [(5, 0), (5, 3), (255, 10), (256, 300), (300, 301)])
def test_notice_of_an_untouched_log_is_unchanged(page: Page, before: int, after: int) -> None:
    actor = logs.make_log(before)
    code = write_paper(logs.latest(actor).note)
    logs.fill(actor, after)
    assert show(page, code) == "unchanged"
    card = page.locator("[data-verdict=unchanged]")
    expect(card).to_contain_text("没有改动")
    expect(card.locator("[data-fill=size]").first).to_have_text(str(before))
    expect(card.locator("[data-fill=now]")).to_have_text(str(before + after))


def forged(actor: Actor, size: int, root: bytes) -> str:
    """Write the notice of a log that this log is not, signed with this log's own key."""
    origin = logs.latest(actor).origin
    text = note.write_checkpoint(note.Checkpoint(origin, size, root))
    return write_paper(sign_as_site(actor, text))


def sign_as_site(actor: Actor, text: str) -> bytes:
    """Sign a text with the log's own key, as somebody who rebuilt the log would."""
    origin = logs.latest(actor).origin
    with db.read() as session:
        _, named, key = signing.signing_key(db.statements(session), actor.community_id, origin)
    return signing.sign_note(text, named, key)


def test_notice_of_a_rewritten_log_is_changed(page: Page) -> None:
    actor = logs.make_log(300)
    assert show(page, forged(actor, 280, bytes(32))) == "changed"
    expect(page.locator("[data-verdict=changed]")).to_contain_text("有改动")
    assert show(page, forged(actor, 300, bytes(32))) == "changed"
    assert show(page, forged(actor, 301, bytes(32))) == "shorter"


# Bundles are of 256 records, tiles of hashes above them of 256 bundles.
@pytest.mark.parametrize(
    ("size", "most", "read"),
    [(5, 9, 5), (256, 1, 256), (700, 1, 188), (700, 9, 700), (768, 2, 512)],
)
def test_browser_reads_the_newest_text_and_hashes_of_the_rest(
    page: Page, size: int, most: int, read: int
) -> None:
    actor = logs.make_log(size)
    code = (
        "const get = async (path) => new Uint8Array("
        "await (await fetch(`/log/guihua/${path}`)).arrayBuffer());"
        "const { hex } = await import('/static/js/verify/hash.js');"
        "const made = await m.rootFromEntries(v[0], v[1], get, () => {});"
        "return [hex(made.root), made.read];"
    )
    assert run(page, "tree.js", code, [size, most]) == [logs.latest(actor).root.hex(), read]


def test_notice_tells_of_text_that_was_changed_under_the_signature(
    page: Page, database: Database
) -> None:
    actor = logs.make_log(300)
    code = write_paper(logs.latest(actor).note)
    with db.read() as session:
        record = list(records_of(session, actor.community_id, "t.note"))[280]
    rewrite(database, record.id, record.content.replace(b'"note":1', b'"note":2'))
    assert show(page, code) == "text-changed"
    rewrite(database, record.id, record.content)
    assert show(page, code) == "unchanged"
    expect(page.locator("[data-fill=read]")).to_have_text("300")


def test_notice_that_the_log_never_signed_tells_nothing(page: Page) -> None:
    actor = logs.make_log(3)
    seed = bytes(32)
    origin = logs.latest(actor).origin
    text = note.write_checkpoint(note.Checkpoint(origin, 2, bytes(32)))
    key = note.make_key(origin, ed25519.public_key_of(seed))
    line = note.Signature(origin, key.key_id, ed25519.sign(seed, text.encode()))
    assert show(page, write_paper(note.write_note(text, [line]))) == "not-signed"
    assert show(page, "NOTHING") == "unreadable"


def test_notice_without_a_network_tells_nothing(page: Page, phone: BrowserContext) -> None:
    actor = logs.make_log(3)
    code = write_paper(logs.latest(actor).note)
    page.goto("/verify")
    page.locator("input[name=code]").fill(code)
    phone.set_offline(True)
    page.get_by_role("button", name="核对").click()
    assert verdict(page) == "no-answer"


def test_photo_of_the_notice_is_read(page: Page, site: str) -> None:
    actor = logs.make_log(3)
    made = qrcode.QRCode()
    made.add_data(f"{site}/verify#{write_paper(logs.latest(actor).note)}")
    picture = io.BytesIO()
    made.make_image().save(picture)
    page.goto("/verify")
    photo = FilePayload(name="notice.png", mimeType="image/png", buffer=picture.getvalue())
    page.locator("input[type=file]").set_input_files(photo)
    assert verdict(page) == "unchanged"


def drop(page: Page, name: str, content: bytes) -> str:
    page.goto("/verify")
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    page.locator("input[type=file]").set_input_files(file)
    return verdict(page)


def test_receipt_holds_until_it_is_changed(page: Page) -> None:
    actor = logs.make_log(300)
    receipt = logs.proof(actor, 7).file
    assert drop(page, "r.tlog-proof", receipt) == "receipt-holds"
    expect(page.locator("[data-verdict=receipt-holds]")).to_contain_text('"kind":"t.note"')
    lines = receipt.split(b"\n")
    lines[1] = b"extra " + base64.b64encode(b'{"kind":"t.another"}')
    assert drop(page, "r.tlog-proof", b"\n".join(lines)) == "receipt-changed"


def flip(files: dict[str, bytes], name: str) -> None:
    content = bytearray(files[name])
    content[len(content) // 2] ^= 1
    files[name] = bytes(content)


def test_pack_holds_until_it_is_changed(page: Page, tmp_path: Path) -> None:
    actor = logs.make_log(255)
    logs.fill(actor, 60)
    with db.read() as session:
        whole = b"".join(pack_bytes(session, actor.community_id))
    assert drop(page, "pack.zip", whole) == "pack-holds"
    card = page.locator("[data-verdict=pack-holds]")
    expect(card.locator("[data-fill=older]")).to_have_text("2")
    (tmp_path / "whole.zip").write_bytes(whole)
    for name in ("log/tile/0/000", "log/tile/entries/001.p/59", "log/checkpoints/255"):
        files = read_pack(tmp_path / "whole.zip")
        flip(files, name)
        changed = write_pack(tmp_path / "changed.zip", with_contents(files)).read_bytes()
        assert drop(page, "pack.zip", changed) == "pack-changed"
        expect(page.locator("[data-verdict=pack-changed] ul")).to_contain_text(name)
    assert drop(page, "pack.zip", b"PK no zip") == "unreadable"


def test_browser_re_adds_the_books_alike(page: Page) -> None:
    cases = {name: test_audit.change(one) for name, (one, _) in test_audit.BROKEN.items()}
    cases["sound"] = fund_records()
    for content in (b"", b"[]", b"{}", b"\xff", b'{"kind":1}', b'"x"'):
        cases[f"unreadable {content!r}"] = [*fund_records(), content]
    sent = [
        [base64.b64encode(one).decode() for one in test_audit.go_on(records)]
        for records in cases.values()
    ]
    code = (
        "return v.map((one) => { const records = one.map(b); const found = [];"
        " const reader = new m.RecordReader((name) => found.push(name), (at) => records[at]);"
        " records.forEach((record, at) => reader.take(at, record)); reader.checkEnd();"
        " return found; });"
    )
    told = run(page, "audit.js", BYTES + code, sent)
    for (name, records), found in zip(cases.items(), told, strict=True):
        expected = {one.item for one in test_audit.audit(records).broken}
        assert set(found) == expected, name
        assert bool(found) == (name != "sound"), name


def test_pack_whose_books_or_papers_are_wrong_is_named(page: Page, tmp_path: Path) -> None:
    page.goto("/verify")
    page.locator("summary", has_text="公钥").click()
    page.locator("textarea").fill(str(KEY))
    sound, figure = fund_records(), test_audit.change(test_audit.BROKEN["a figure"][0])
    place = next(at for at, one in enumerate(figure) if b"trust.report" in one)
    voucher = next(at for at, one in enumerate(sound) if b"ledger.voucher" in one)
    packs = {
        "": pack_files(sound, [VOUCHER], [REPORT]),
        f"entry {place} · report": pack_files(figure, [VOUCHER], [REPORT]),
        f"entry {voucher} · voucher": pack_files(sound, [b"another"], [REPORT]),
    }
    for name, files in packs.items():
        content = write_pack(tmp_path / "fund.zip", files).read_bytes()
        assert drop(page, "pack.zip", content) == ("pack-changed" if name else "pack-holds"), name
        if name:
            expect(page.locator("[data-verdict=pack-changed] ul")).to_contain_text(name)
