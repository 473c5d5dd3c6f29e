"""The house's own certificate authority, and the server's certificate it signs.

A browser lets a page work offline, use the camera and keep a sealed store only over https. Nobody
gives out certificates for addresses like 192.168.1.10, so the server makes its own authority once
and each computer is told to trust it once. The authority may vouch only for private addresses,
local names and what this computer was called when it was made (RFC 5280, 4.2.1.10): with its key
in the wrong hands no bank can be imitated. The keys lie in `tls` of the data folder, readable by
the program's user alone, and are never served.
"""

import ipaddress
import os
import re
import secrets
import socket
import ssl
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simpul.foundation.core.errors import Refused

FOLDER = "tls"
AUTHORITY_DAYS = 3652
#: Browsers refuse longer ones: 825 days is the most for an authority installed by hand.
SERVER_DAYS = 820
RENEW_DAYS = 60
#: A PC with an empty battery wakes up in the past; a certificate of today would look unborn.
BACKDATED = timedelta(days=2)

LOCAL_NAMES = ("localhost", "local", "lan", "home.arpa", "internal")
OWN_NAME = "simpul.local"
PRIVATE = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
)
_NETWORKS = tuple(ipaddress.ip_network(text) for text in PRIVATE)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Files:
    """Where the four files lie."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The authority's certificate: what computers install."""
        return self.folder / "ca.crt"

    @property
    def authority_key(self) -> Path:
        """The authority's key: never leaves this folder."""
        return self.folder / "ca.key"

    @property
    def server(self) -> Path:
        """The server's certificate, with the authority's behind it."""
        return self.folder / "server.crt"

    @property
    def server_key(self) -> Path:
        """The server's key."""
        return self.folder / "server.key"


@dataclass(frozen=True)
class Facts:
    """What there is to say about the certificates."""

    fingerprint: str
    authority_ends: datetime
    server_ends: datetime
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def days_left(self) -> int:
        """Whole days until the server's certificate ends."""
        return (min(self.server_ends, self.authority_ends) - datetime.now(UTC)).days


def site_folder() -> Path:
    """Return the data folder, before the settings are read: they follow from what lies in it."""
    folder = Path(os.environ.get("SIMPUL_DATA") or "data").expanduser().absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def files_in(data: Path) -> Files:
    """Return where the files of a site lie."""
    return Files(data / FOLDER)


def ensure(
    data: Path, *, names: Iterable[str] = (), addresses: Iterable[str] | None = None
) -> tuple[Files, bool]:
    """Make what is missing or about to end; returns the files and whether anything was made.

    The server's certificate is made anew when it does not carry an address or name this computer
    has now, from 60 days before its end on, and when it is not of this authority.
    """
    files = files_in(data)
    files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name != "nt":
        files.folder.chmod(0o700)
    wanted_names, wanted_addresses = wanted(names, addresses)
    authority = _read_pair(files.authority, files.authority_key)
    is_new = authority is None
    if authority is None:
        _refuse_to_replace(files)
        authority = _make_authority(files, wanted_addresses)
    server = _read_pair(files.server, files.server_key)
    if server is None or not _still_serves(server[0], authority[0], wanted_names, wanted_addresses):
        _make_server(files, authority, wanted_names, wanted_addresses)
        is_new = True
    return files, is_new


def renew(data: Path, *, authority: bool = False) -> Files:
    """Make the server's certificate anew; with `authority` that too, and every computer must know.

    The old authority's files are kept beside the new ones, with the day they were replaced.
    """
    files = files_in(data)
    stamp = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
    if authority:
        for path in (files.authority, files.authority_key):
            if path.exists():
                path.rename(path.with_name(f"{path.name}.{stamp}"))
    for path in (files.server, files.server_key):
        path.unlink(missing_ok=True)
    return ensure(data)[0]


def read_facts(data: Path) -> Facts | None:
    """Return what is known of this site's certificates; None where there are none yet."""
    files = files_in(data)
    authority, server = _read_certificate(files.authority), _read_certificate(files.server)
    if authority is None or server is None:
        return None
    names, addresses = _alternatives(server)
    wanted_names, wanted_addresses = wanted((), None)
    missing = [
        *sorted(set(wanted_names) - set(names)),
        *sorted({str(a) for a in wanted_addresses} - {str(a) for a in addresses}),
    ]
    return Facts(
        fingerprint=fingerprint_of(authority),
        authority_ends=authority.not_valid_after_utc,
        server_ends=server.not_valid_after_utc,
        names=tuple(names),
        addresses=tuple(str(address) for address in addresses),
        missing=tuple(missing),
    )


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 fingerprint as browsers show it: AB:CD:…"""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


# --- what this computer is called


def wanted(
    names: Iterable[str], addresses: Iterable[str] | None
) -> tuple[tuple[str, ...], tuple[Address, ...]]:
    """Return the names and addresses the server's certificate should carry."""
    host = socket.gethostname().lower()
    own = {"localhost", OWN_NAME, *(name.lower() for name in names)}
    own |= {host, host if host.endswith(".local") else f"{host.split('.')[0]}.local"}
    found = own_addresses() if addresses is None else {ipaddress.ip_address(a) for a in addresses}
    found |= {ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")}
    allowed = _allowed_names(host)
    return (
        tuple(sorted(name for name in own if _is_allowed(name, allowed))),
        tuple(sorted(found, key=lambda a: (a.version, int(a)))),
    )


def _allowed_names(host: str) -> tuple[str, ...]:
    """The names the authority may vouch for: local endings, and this computer's own name."""
    own = host if _LABEL.fullmatch(host) and len(host) <= 63 else ""
    return (*LOCAL_NAMES, own) if own and own not in LOCAL_NAMES else LOCAL_NAMES


def _is_allowed(name: str, allowed: Iterable[str]) -> bool:
    return bool(_LABEL.fullmatch(name)) and any(
        name == ending or name.endswith(f".{ending}") for ending in allowed
    )


def is_private(address: Address) -> bool:
    """Is this an address of a network of one's own?"""
    return _is_within(address, _NETWORKS)


def _is_within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == net.version and address in net for net in networks)


def own_addresses() -> set[Address]:
    """Return the addresses of this computer in its networks; nothing is sent."""
    found: set[str] = set()
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))
                found.add(str(probe.getsockname()[0]))
        except OSError:
            continue
    with suppress(OSError):
        found |= {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)}
    found |= set(_addresses_of_cards())
    addresses = set()
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        if not address.is_link_local and not address.is_unspecified:
            addresses.add(address)
    return addresses


def _addresses_of_cards() -> list[str]:
    """The IPv4 address of each network card, where the system tells it (Linux)."""
    if not sys.platform.startswith("linux"):
        return []
    import fcntl
    import struct

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _number, name in socket.if_nameindex():
            try:
                told = fcntl.ioctl(probe, 0x8915, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue
            found.append(socket.inet_ntoa(told[20:24]))
    return found


# --- making


def _make_authority(
    files: Files, addresses: tuple[Address, ...]
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    moment = datetime.now(UTC)
    # Two houses in one IT person's list must be told apart.
    called = f"Simpul {socket.gethostname()[:40]} {secrets.token_hex(3)}"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)])
    permitted: list[x509.GeneralName] = [
        x509.DNSName(ending) for ending in _allowed_names(socket.gethostname().lower())
    ]
    permitted += [x509.IPAddress(network) for network in _NETWORKS]
    # A house on a public network may have its own address, and no other of that network.
    permitted += [
        x509.IPAddress(ipaddress.ip_network(str(address)))
        for address in addresses
        if not is_private(address)
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - BACKDATED)
        .not_valid_after(moment + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(files.authority_key, _key_text(key), private=True)
    _write(files.authority, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _make_server(
    files: Files,
    authority: tuple[x509.Certificate, ec.EllipticCurvePrivateKey],
    names: tuple[str, ...],
    addresses: tuple[Address, ...],
) -> None:
    issuer, issuer_key = authority
    allowed = _permitted_names(issuer)
    networks = _permitted_networks(issuer)
    key = ec.generate_private_key(ec.SECP256R1())
    moment = datetime.now(UTC)
    ends = min(moment + timedelta(days=SERVER_DAYS), issuer.not_valid_after_utc)
    others: list[x509.GeneralName] = [
        x509.DNSName(name) for name in names if _is_allowed(name, allowed)
    ]
    others += [x509.IPAddress(a) for a in addresses if _is_within(a, networks)]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OWN_NAME)]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - BACKDATED)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(others), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )
    _write(files.server_key, _key_text(key), private=True)
    pem = serialization.Encoding.PEM
    _write(files.server, certificate.public_bytes(pem) + issuer.public_bytes(pem))


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _key_text(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file that is whole from its first instant, and closed to others where it must be."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    mode = 0o600 if private else 0o644
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


# --- reading


def _read_certificate(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return None


def _read_pair(
    certificate: Path, key: Path
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None:
    """Return a certificate with its key; None unless both are there and belong together."""
    read = _read_certificate(certificate)
    try:
        secret = serialization.load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return None
    if read is None or not isinstance(secret, ec.EllipticCurvePrivateKey):
        return None
    return (read, secret) if read.public_key() == secret.public_key() else None


def _refuse_to_replace(files: Files) -> None:
    """An authority that half the computers trust is not replaced without being asked."""
    if files.authority.exists() and files.authority_key.exists():
        raise Refused(
            f"Berkas sertifikat di {files.folder} tidak terbaca atau tidak sepasang. Tidak ada "
            "yang diubah. Pulihkan ca.crt dan ca.key dari cadangan, atau buat yang baru dengan "
            "`simpul certificate renew --authority` (lalu pasang lagi di setiap komputer).",
            "certificate_unreadable",
        )


def _still_serves(
    server: x509.Certificate,
    authority: x509.Certificate,
    names: tuple[str, ...],
    addresses: tuple[Address, ...],
) -> bool:
    try:
        server.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    moment = datetime.now(UTC)
    ends = server.not_valid_after_utc
    # Of an authority that itself ends soon, nothing longer can be made.
    is_late = ends - moment < timedelta(days=RENEW_DAYS) and ends < authority.not_valid_after_utc
    if is_late or not server.not_valid_before_utc <= moment < ends:
        return False
    had_names, had_addresses = _alternatives(server)
    allowed = _permitted_names(authority)
    networks = _permitted_networks(authority)
    needed = {address for address in addresses if _is_within(address, networks)}
    return set(had_addresses) >= needed and set(had_names) >= {
        name for name in names if _is_allowed(name, allowed)
    }


def _alternatives(server: x509.Certificate) -> tuple[list[str], list[Address]]:
    others = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = [
        a
        for a in others.get_values_for_type(x509.IPAddress)
        if isinstance(a, ipaddress.IPv4Address | ipaddress.IPv6Address)
    ]
    return others.get_values_for_type(x509.DNSName), addresses


def _permitted_names(authority: x509.Certificate) -> tuple[str, ...]:
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    return tuple(
        place.value for place in limits.permitted_subtrees or () if isinstance(place, x509.DNSName)
    )


def _permitted_networks(authority: x509.Certificate) -> tuple[Network, ...]:
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    return tuple(
        place.value
        for place in limits.permitted_subtrees or ()
        if isinstance(place, x509.IPAddress)
        and isinstance(place.value, ipaddress.IPv4Network | ipaddress.IPv6Network)
    )


def trusting(files: Files) -> ssl.SSLContext:
    """Return a client's context that trusts this authority and nobody else."""
    return ssl.create_default_context(cafile=str(files.authority))
