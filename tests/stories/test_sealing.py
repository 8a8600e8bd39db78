"""Sealing in a real browser: it writes and reads the server's very bytes, both ways."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, render_template_string
from playwright.sync_api import Browser, BrowserContext, Download, FilePayload, Page, Route, expect

from community import sealing
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.sealing.rules import envelope, keys
from community.sealing.rules.header import Binding, canonical, check_binding, split
from tests import builders
from tests.architecture import house
from tests.sealing import vectors
from tests.sealing.scene import Scene, make_keys, public_of

MODULES = "/static/js/sealing/"
BYTES = """
  const bytes = await import('/static/js/sealing/bytes.js');
  const b = (text) => bytes.fromBase64(text);
  const h = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
  const bound = (words) => ({ token: words.box, subject: words.subject, owner: words.owner,
    k: words.k, openers: words.openers.map((each) => b(each.public)) });
"""


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    made = phone.new_page()
    made.goto("/verify")
    return made


def run(page: Page, module: str, code: str, values: Any) -> Any:
    """Run code with a module of ours in the browser; `m` is the module, `v` the values."""
    script = f"async (v) => {{ {BYTES} const m = await import('{MODULES}{module}'); {code} }}"
    return page.evaluate(script, values)


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_browser_makes_the_published_envelopes(page: Page) -> None:
    code = """
      const made = [];
      for (const c of v) {
        const pair = { point: b(c.ephemeral_public), scalar: h(c.ephemeral),
          privateKey: await m.importPrivate(h(c.ephemeral), b(c.ephemeral_public)) };
        const fixed = { pair, key: h(c.key), nonce: h(c.nonce), coefficients: h(c.coefficients) };
        const { envelope } = await m.seal(b(c.content), bound(c), fixed);
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', envelope));
        const { header, prefix } = m.split(envelope);
        const shares = [];
        for (const [at, opener] of c.openers.entries()) {
          const key = await m.importPrivate(h(opener.private), b(opener.public));
          shares.push(bytes.toHex(await m.openShare(header, at + 1, key)));
        }
        const { combine } = await import('/static/js/sealing/shamir.js');
        const some = shares.map((each, at) => [at + 1, h(each)]).slice(-c.k);
        made.push({ digest: bytes.toHex(digest), header: bytes.toText(prefix.subarray(24)), shares,
          key: bytes.toHex(combine(some)),
          content: bytes.toBase64(await m.openEnvelope(envelope, h(c.key))) });
      }
      return made;
    """
    cases = vectors.read_all()
    assert run(page, "envelope.js", code, cases) == [
        {
            "digest": one["envelope_sha256"],
            "header": one["header"],
            "shares": one["shares"],
            "key": one["key"],
            "content": one["content"],
        }
        for one in cases
    ]


def make_binding(owner: str = "bid:12") -> tuple[Binding, list[Any], dict[str, Any]]:
    """Give a binding, the openers' private keys, and the binding as the browser gets it."""
    private = [vectors.key_of(f"story opener {each}") for each in range(5)]
    points = tuple(map(envelope.public_of, private))
    binding = Binding("0f" * 16, "tender:5", owner, 3, points)
    told = {"box": binding.token, "subject": binding.subject, "owner": owner, "k": 3}
    return binding, private, {**told, "openers": [{"public": encoded(each)} for each in points]}


def test_what_the_browser_seals_the_server_opens(page: Page) -> None:
    binding, private, told = make_binding('bid:12 "甲\\乙\u2028"')
    content = "报价：玖万伍仟元整".encode() * 5_000
    code = """
      const { envelope, key } = await m.seal(b(v.content), bound(v.told));
      return [bytes.toBase64(envelope), bytes.toHex(key)];
    """
    made, key = run(page, "envelope.js", code, {"told": told, "content": encoded(content)})
    sealed = base64.b64decode(made)
    header, _ = split(sealed)
    check_binding(header, binding)
    shares = {place: envelope.open_share(header, place, private[place - 1]) for place in (2, 3, 5)}
    assert all(envelope.is_share(header, place, share) for place, share in shares.items())
    found = envelope.find_key(header, shares)
    assert found == bytes.fromhex(key)
    inside = envelope.open_envelope(sealed, found)
    assert inside.content == content
    assert envelope.wrong_places(header, found, inside) == ()


def test_what_the_server_seals_the_browser_opens(page: Page) -> None:
    binding, private, told = make_binding()
    sealed = envelope.seal(b"95000", binding)
    header, _ = split(sealed.envelope)
    code = """
      const { header } = m.split(b(v.envelope));
      const mine = await m.importPrivate(h(v.scalar), b(v.told.openers[1].public));
      const share = await m.openShare(header, 2, mine);
      const other = await m.openShare(header, 1, mine);
      const changed = b(v.envelope); changed[changed.length - 1] ^= 1;
      const refused = await m.openEnvelope(changed, h(v.key)).then(() => false, () => true);
      const none = new Uint8Array(32);
      const wrong = await m.openEnvelope(b(v.envelope), none).then(() => false, () => true);
      const content = await m.openEnvelope(b(v.envelope), h(v.key));
      return [bytes.toHex(share), other, refused, wrong, bytes.toText(content)];
    """
    values = {
        "told": told,
        "envelope": encoded(sealed.envelope),
        "key": sealed.key.hex(),
        "scalar": vectors.scalar_of(private[1]).hex(),
    }
    share = envelope.open_share(header, 2, private[1])
    found = run(page, "envelope.js", code, values)
    assert found == [share.hex(), None, True, True, "95000"]


def test_a_key_file_opens_by_its_passphrase_alone(page: Page) -> None:
    code = """
      const { point, text } = await m.makeKeyFile('a long passphrase');
      const { privateKey } = await m.openKeyFile(text, 'a long passphrase');
      const wrong = await m.openKeyFile(text, 'another passphrase').then(() => false, () => true);
      await m.rememberKey(point, privateKey);
      const kept = await m.rememberedKey(point);
      const bare = await crypto.subtle.exportKey('jwk', kept).then(() => true, () => false);
      await m.forgetKeys();
      return [bytes.toBase64(point), text, await m.fingerprint(point), wrong, bare,
        await m.rememberedKey(point)];
    """
    point, text, told, wrong, is_bare, forgotten = run(page, "keys.js", code, None)
    public = base64.b64decode(point)
    assert (wrong, is_bare, forgotten) == (True, False, None)
    assert told == keys.fingerprint(public)
    words = json.loads(text)
    sealed = base64.b64decode(words.pop("sealed"))
    assert words["rounds"] >= 600_000
    salt, nonce = base64.b64decode(words["salt"]), base64.b64decode(words["nonce"])
    locking = hashlib.pbkdf2_hmac("sha256", b"a long passphrase", salt, words["rounds"])
    scalar = AESGCM(locking).decrypt(nonce, sealed, canonical(words))
    private = ec.derive_private_key(int.from_bytes(scalar, "big"), envelope.CURVE)
    assert envelope.public_of(private) == public


# --- the pages ------------------------------------------------------------------------------------

PASSPHRASE = "four plain words here"


def open_as(page: Page, app: Flask, person_id: int) -> None:
    """Sign a person in on the page's phone."""
    client = app.test_client()
    builders.sign_in(client, person_id)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    site = page.url.partition("/verify")[0]
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": site}])


def make_key_on_page(page: Page, folder: Path) -> Path:
    """Make a key on the page, save its file, register it; gives the file."""
    page.goto("/c/guihua/sealing/key")
    page.locator("[data-part=passphrase]").fill(PASSPHRASE)
    page.locator("[data-part=again]").fill("another phrase")
    page.locator("[data-part=make]").click()
    expect(page.locator("[data-say=differs]")).to_be_visible()
    page.locator("[data-part=again]").fill(PASSPHRASE)
    with page.expect_download() as saved:
        page.locator("[data-part=make]").click()
    file = folder / saved.value.suggested_filename
    saved.value.save_as(file)
    page.locator("[data-part=send]").click()
    expect(page.locator(".card.done .hash").first).to_be_visible()
    return file


def test_an_opener_makes_a_key_and_gives_shares_by_its_file(
    page: Page, app: Flask, tmp_path: Path
) -> None:
    community_id = builders.make_community()
    [(other, key)] = make_keys(community_id, 1)
    person = builders.make_person(community_id, "林秋月")
    open_as(page, app, person)
    file = make_key_on_page(page, tmp_path)
    assert PASSPHRASE not in file.read_text("utf-8")
    with db.read() as session:
        mine = sealing.find_opener_key(session, community_id, person)
    assert mine is not None
    openers = ((other, public_of(key)), (person, mine.public_key))
    ends = clock.now() + timedelta(days=1)
    told = (Actor.system(community_id), "trial:1", sealing.BoxLevel.L2, ends, openers, 2)
    scene = Scene(community_id, db.write(sealing.open_box, *told), ends, (other,), (key,))
    scene.put("bid:1", scene.seal("bid:1", b"95000").envelope)
    page.goto(f"/c/guihua/sealing/boxes/{scene.box_id}/shares")
    expect(page.locator("form[data-shares]")).to_have_count(0)
    with clock.fixed(ends):
        scene.give(1)
        page.reload()
        page.locator("[data-part=file]").set_input_files(file)
        page.locator("[data-part=passphrase]").fill("a wrong passphrase")
        page.locator("[data-part=open]").click()
        expect(page.locator("[data-say=wrong-passphrase]")).to_be_visible()
        page.locator("[data-part=passphrase]").fill(PASSPHRASE)
        page.locator("[data-part=open]").click()
        expect(page.locator("[data-say=ready-to-send]")).to_be_visible()
        page.locator("[data-part=send]").click()
        expect(page.locator("[aria-current=step]")).to_be_visible()
        assert [each.content for each in scene.contents()] == [b"95000"]


FORM = (
    sealing.FormField("price_fen", sealing.FieldKind.YUAN, "报价（元）"),
    sealing.FormField("proposal", sealing.FieldKind.LONG, "服务方案"),
    sealing.FormField("files", sealing.FieldKind.FILES, "附件"),
)
PLAN = "每周六上午，少儿书法班"


def box_with_form(community_id: int) -> Scene:
    keys = make_keys(community_id, 3)
    chosen = tuple((person, public_of(key)) for person, key in keys)
    ends = clock.now() + timedelta(days=1)
    actor, terms = Actor.system(community_id), sealing.BoxTerms(form=FORM)
    box_id = db.write(
        sealing.open_box, actor, "trial:2", sealing.BoxLevel.L2, ends, chosen, 2, terms
    )
    people, private = zip(*keys, strict=True)
    return Scene(community_id, box_id, ends, people, private)


def fill(page: Page, holder: str) -> None:
    page.locator(f"{holder} [data-sealed=price_fen]").fill("880.5")
    page.locator(f"{holder} [data-sealed=proposal]").fill(PLAN)
    file: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"a plan"}
    page.locator(f"{holder} [data-sealed=files]").set_input_files(file)


def check_handed_in(scene: Scene, envelope: bytes, key_file: dict[str, Any]) -> None:
    """What came opens by two openers and by the key file, and says what was typed."""
    scene.put("bid:1", envelope)
    with clock.fixed(scene.deadline):
        scene.give(1)
        assert scene.give(3)
        [opened] = scene.contents()
    assert opened.envelope_key == bytes.fromhex(key_file["key"])
    assert opened.wrong_places == ()
    assert json.loads(opened.content or b"") == {
        "price_fen": 88_050,
        "proposal": PLAN,
        "files": [{"name": "plan.txt", "type": "text/plain", "content": encoded(b"a plan")}],
    }


def test_a_form_sends_the_sealed_envelope_and_nothing_typed(
    browser: Browser, site: str, app: Flask
) -> None:
    # A service worker would fetch past the routes below.
    page = browser.new_context(base_url=site, service_workers="block").new_page()
    community_id = builders.make_community()
    scene = box_with_form(community_id)
    view = scene.view()
    with app.test_request_context("/c/guihua/sealing"):
        app.preprocess_request()
        shown = render_template_string(
            '{% extends "web/base.html" %}{% import "sealing/parts.html" as sealed with context %}'
            "{% block main %}{{ sealed.seal_form('hand-in', words, box_id) }}{% endblock %}"
            "{% block scripts %}<script type=module src=\"{{ asset('js/sealing/seal-form.js') }}\">"
            "</script>{% endblock %}",
            words=sealing.binding_words(view.binding("bid:1"), view.form),
            box_id=scene.box_id,
        )
    page.route("**/c/guihua/form", lambda it: it.fulfill(body=shown, content_type="text/html"))
    page.goto("/c/guihua/form")
    sent: list[bytes] = []

    def hand_in(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        route.fulfill(body="ok")

    page.route("**/c/guihua/hand-in", hand_in)
    fill(page, "form[data-seal]")
    with page.expect_download() as saved:
        page.locator("[data-act=first]").click()
    key_file = json.loads(Path(saved.value.path()).read_text("utf-8"))
    expect(page.locator("[data-say=sealed]")).to_be_visible()
    page.locator("[data-act=send]").click()
    page.wait_for_url("**/hand-in")
    [body] = sent
    assert PLAN.encode() not in body
    assert b"880.5" not in body
    start = body.index(b"community-sealing/1\n")
    check_handed_in(scene, body[start : body.rindex(b"\r\n--")], key_file)
    page.context.close()


@pytest.mark.usefixtures("database")
def test_the_offline_page_seals_from_the_disk_and_connects_to_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    community_id = builders.make_community()
    scene = box_with_form(community_id)
    view = scene.view()
    words = sealing.binding_words(view.binding("bid:1"), view.form)
    tender = tmp_path / "tender.json"
    tender.write_text(json.dumps(words), encoding="utf-8")
    context = browser.new_context(offline=True, accept_downloads=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((house.ROOT / "static/seal.html").as_uri())
    page.locator("#tender-file").set_input_files(tender)
    names = page.locator("#opener-names li").all_inner_texts()
    assert names == [each.fingerprint for each in view.openers]
    fill(page, "#fields")
    saved: list[Download] = []

    def keep(each: Download) -> None:
        saved.append(each)

    page.on("download", keep)
    page.locator("#seal-now").click()
    expect(page.locator("#seal-told")).to_contain_text(".sealed")
    while len(saved) < 2:
        page.wait_for_event("download")
    kept = {each.suggested_filename: Path(each.path()).read_bytes() for each in saved}
    check_handed_in(scene, kept["bid-1.sealed"], json.loads(kept["bid-1.key.json"]))
    assert [each for each in asked if not each.startswith(("file:", "blob:"))] == []
    context.close()


def test_a_kept_page_is_compared_with_the_published_hash(page: Page, tmp_path: Path) -> None:
    builders.make_community()
    page.goto("/c/guihua/sealing/page")
    field = page.locator("[data-compare] input")
    field.set_input_files(house.ROOT / "static/seal.html")
    expect(page.locator("[data-say=same]")).to_be_visible()
    other = tmp_path / "seal.html"
    other.write_text("<p>changed", encoding="utf-8")
    field.set_input_files(other)
    expect(page.locator("[data-say=different]")).to_be_visible()


def test_without_cryptography_the_page_says_how_to_go_on(page: Page, app: Flask) -> None:
    """On plain http a browser has no WebCrypto."""
    community_id = builders.make_community()
    open_as(page, app, builders.make_person(community_id))
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined });")
    page.goto("/c/guihua/sealing/key")
    expect(page.locator("[data-say=blocked]")).to_be_visible()
    expect(page.locator("[data-part=make]")).to_be_disabled()
