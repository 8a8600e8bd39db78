"""The local authority is made once, vouches for this building only, and is renewed in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from community.kernel import clock
from community.web.operations import certificates, production
from community.web.operations.certificates import local_certificates, own_certificates
from community.web.settings import SettingWrong
from tests.conftest import NOON

pytestmark = pytest.mark.once

NAMES = ("office", "office.local", "192.168.1.20")


@pytest.fixture(autouse=True)
def _noon() -> object:
    with clock.fixed(NOON):
        yield


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_the_authority_is_made_once_and_its_key_is_private(tmp_path: Path) -> None:
    first = local_certificates(tmp_path, NAMES)
    again = local_certificates(tmp_path, NAMES)
    assert (first.fingerprint, first.certificate.read_bytes()) == (
        again.fingerprint,
        again.certificate.read_bytes(),
    )
    for key in ("ca.key", "server.key"):
        assert (tmp_path / key).stat().st_mode & 0o777 == 0o600


def test_the_server_certificate_names_every_address_and_is_signed(tmp_path: Path) -> None:
    found = local_certificates(tmp_path, NAMES)
    server, authority = load(found.certificate), load(tmp_path / "ca.crt")
    server.verify_directly_issued_by(authority)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(each.value) for each in names] == list(NAMES)
    assert server.not_valid_after_utc - server.not_valid_before_utc <= timedelta(days=398)


def test_the_authority_vouches_for_this_building_only(tmp_path: Path) -> None:
    local_certificates(tmp_path, NAMES)
    limits = load(tmp_path / "ca.crt").extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    allowed = {str(each.value) for each in limits.value.permitted_subtrees or ()}
    assert {"local", "192.168.0.0/16"} <= allowed
    assert not [each for each in allowed if each.endswith((".com", ".cn")) or each == "0.0.0.0/0"]


def test_a_new_address_or_a_near_end_makes_a_new_certificate(tmp_path: Path) -> None:
    first = local_certificates(tmp_path, NAMES).certificate.read_bytes()
    moved = local_certificates(tmp_path, (*NAMES, "10.0.0.7")).certificate.read_bytes()
    assert moved != first
    with clock.fixed(NOON + timedelta(days=certificates.SERVER_DAYS - 20)):
        assert local_certificates(tmp_path, NAMES).certificate.read_bytes() != moved
    assert local_certificates(tmp_path, NAMES).fingerprint


def test_a_key_of_another_certificate_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = local_certificates(tmp_path, NAMES)
    assert own_certificates(found.certificate, found.key).authority is None
    with pytest.raises(ValueError, match="does not belong"):
        own_certificates(found.certificate, tmp_path / "ca.key")
    monkeypatch.setenv("COMMUNITY_TLS_CERT", str(found.certificate))
    with pytest.raises(SettingWrong, match="一起设置"):
        production.certificates(tmp_path)
    monkeypatch.setenv("COMMUNITY_TLS_KEY", str(tmp_path / "missing.key"))
    with pytest.raises(SettingWrong, match="不能用"):
        production.certificates(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("COMMUNITY_SECRET_KEY", "development-only", "COMMUNITY_SECRET_KEY"),
        ("COMMUNITY_SECRET_KEY", "short", "至少"),
        ("COMMUNITY_SMS", "console", "COMMUNITY_SMS"),
        ("COMMUNITY_SMS", "https://sms.example/", "COMMUNITY_SMS_SECRET"),
    ],
)
def test_development_settings_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    config = {"INSTANCE": tmp_path, "SMS_SECRET": ""}
    production.check_settings(config, has_debug=False)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingWrong, match=sentence):
        production.check_settings(config, has_debug=False)


def test_debug_and_a_readable_secret_are_refused(tmp_path: Path) -> None:
    config = {"INSTANCE": tmp_path, "SMS_SECRET": ""}
    with pytest.raises(SettingWrong, match="调试"):
        production.check_settings(config, has_debug=True)
    production.keep_secret(tmp_path)
    secret = tmp_path / "secret_key"
    assert secret.stat().st_mode & 0o777 == 0o600
    kept = secret.read_text()
    production.keep_secret(tmp_path)
    assert secret.read_text() == kept
    production.check_settings(config, has_debug=False)
    secret.chmod(0o644)
    with pytest.raises(SettingWrong, match="chmod 600"):
        production.check_settings(config, has_debug=False)
