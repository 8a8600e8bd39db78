"""Sealing in a real browser: it writes and reads the server's very bytes, both ways."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.sync_api import BrowserContext, Page

from community.sealing.rules import envelope, keys
from community.sealing.rules.header import Binding, canonical, check_binding, split
from tests.sealing import vectors

pytestmark = pytest.mark.browser

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
