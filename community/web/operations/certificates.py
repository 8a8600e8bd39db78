"""Certificates for phones in the building: the office's own, or a local authority made once."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import socket
import struct
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from community.kernel import clock

AUTHORITY_YEARS = 10
# iPhones refuse longer ones from authorities a person installed (825 days); browsers prefer a year.
SERVER_DAYS = 397
RENEW_BEFORE_DAYS = 30
_SIOCGIFADDR = 0x8915
PRIVATE_NETWORKS = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "127.0.0.0/8",
)


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files a server needs; `authority` is None with a certificate of the office's own."""

    certificate: Path
    key: Path
    authority: Path | None
    names: tuple[str, ...]
    fingerprint: str


def local_names() -> tuple[str, ...]:
    """List the names and addresses by which phones in the building reach this machine."""
    names = [socket.gethostname(), f"{socket.gethostname().split('.')[0]}.local", "localhost"]
    return (*dict.fromkeys(names), *_addresses())


def _addresses() -> list[str]:
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, interface in socket.if_nameindex():
            request = struct.pack("256s", interface.encode()[:15])
            try:
                answer = fcntl.ioctl(asking.fileno(), _SIOCGIFADDR, request)
            except OSError:
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return sorted(set(found) | {"127.0.0.1"})


def own_certificates(certificate: Path, key: Path) -> Certificates:
    """Use the office's own certificate.

    Raises: ValueError or OSError when the files are no certificate and key that belong together.
    """
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    if _public_bytes(loaded.public_key()) != _public_bytes(private.public_key()):
        raise ValueError("the key does not belong to the certificate")
    if loaded.not_valid_after_utc <= clock.now():
        raise ValueError(f"the certificate ended on {loaded.not_valid_after_utc:%Y-%m-%d}")
    names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return Certificates(
        certificate, key, None, tuple(names.get_values_for_type(x509.DNSName)), fingerprint(loaded)
    )


def local_certificates(folder: Path, names: tuple[str, ...]) -> Certificates:
    """Make the local authority once, and a server certificate whenever it is needed anew."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority, authority_key = _authority(folder)
    certificate, key = folder / "server.crt", folder / "server.key"
    if not _still_good(certificate, key, names, authority):
        _make_server(certificate, key, names, authority, authority_key)
    return Certificates(certificate, key, folder / "ca.crt", names, fingerprint(authority))


def fingerprint(certificate: x509.Certificate) -> str:
    """Tell the SHA-256 of a certificate as people compare it: pairs with colons."""
    digest = certificate.fingerprint(hashes.SHA256()).hex().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate_file, key_file = folder / "ca.crt", folder / "ca.key"
    if certificate_file.exists() and key_file.exists():
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return certificate, key
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, f"Community {socket.gethostname()[:40]} CA")]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=365 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        # Phones that trust this authority trust it for this building only: a stolen key
        # cannot vouch for a bank.
        .add_extension(_constraints(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_private(key_file, _pem(key))
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _constraints() -> x509.NameConstraints:
    hosts = [socket.gethostname(), "local", "localhost"]
    networks = [*PRIVATE_NETWORKS, *(f"{each}/32" for each in _addresses())]
    allowed: list[x509.GeneralName] = [x509.DNSName(each) for each in dict.fromkeys(hosts)]
    allowed += [x509.IPAddress(ipaddress.ip_network(each)) for each in dict.fromkeys(networks)]
    return x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None)


def _make_server(
    certificate_file: Path,
    key_file: Path,
    names: tuple[str, ...],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:60])]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=SERVER_DAYS))
        .add_extension(x509.SubjectAlternativeName(_general(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    _write_private(key_file, _pem(key))
    chain = certificate.public_bytes(serialization.Encoding.PEM) + authority.public_bytes(
        serialization.Encoding.PEM
    )
    certificate_file.write_bytes(chain)


def _general(names: tuple[str, ...]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for each in names:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(each)))
        except ValueError:
            found.append(x509.DNSName(each))
    return found


def _still_good(
    certificate_file: Path, key_file: Path, names: tuple[str, ...], authority: x509.Certificate
) -> bool:
    if not certificate_file.exists() or not key_file.exists():
        return False
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    if certificate.not_valid_after_utc < clock.now() + timedelta(days=RENEW_BEFORE_DAYS):
        return False
    if certificate.issuer != authority.subject:
        return False
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(_general(names)) <= set(held)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_bytes(key: object) -> bytes:
    written: bytes = key.public_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return written


def _write_private(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
