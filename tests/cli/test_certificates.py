"""The house's own authority and certificate, and a real server that uses them."""

import http.client
import ipaddress
import json
import os
import signal
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client

from simpul.cli import certificates
from simpul.cli.certificates import ensure, files_in, fingerprint_of, read_facts, renew
from simpul.cli.plain_door import only_open
from simpul.foundation.core.errors import Refused
from tests.cli.command import clean_environment, free_port, simpul

posix_only = pytest.mark.skipif(os.name == "nt", reason="modes and signals of this kind are POSIX")


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


@posix_only
def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    files, is_new = ensure(tmp_path)
    assert is_new
    for path in (files.authority_key, files.server_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700


def test_the_second_start_changes_nothing(tmp_path: Path) -> None:
    files, _new = ensure(tmp_path)
    before = {path.name: path.read_bytes() for path in files.folder.iterdir()}
    assert ensure(tmp_path)[1] is False
    assert before == {path.name: path.read_bytes() for path in files.folder.iterdir()}


def test_what_browsers_ask_of_a_certificate(tmp_path: Path) -> None:
    files, _new = ensure(tmp_path, addresses=["192.168.1.10", "fd00::10"])
    server, authority = certificate(files.server), certificate(files.authority)
    lasts = server.not_valid_after_utc - server.not_valid_before_utc
    assert timedelta(days=800) < lasts <= timedelta(days=825)
    assert (authority.not_valid_after_utc - datetime.now(UTC)).days in (3651, 3652)
    others = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", "simpul.local"} <= set(others.get_values_for_type(x509.DNSName))
    found = {str(a) for a in others.get_values_for_type(x509.IPAddress)}
    assert {"192.168.1.10", "fd00::10", "127.0.0.1", "::1"} == found
    usage = server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [use.dotted_string for use in usage] == ["1.3.6.1.5.5.7.3.1"]
    constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value.ca
    assert constraints.value.path_length == 0
    assert isinstance(server.public_key(), ec.EllipticCurvePublicKey)


def shakes_hands(files: certificates.Files, served: Path, key: Path, called: str) -> bool:
    """Does a client that trusts the house talk to a server of this certificate by this name?"""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(served, key)
    client = certificates.trusting(files)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=called),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    done: set[int] = set()
    for _round in range(10):
        for place, end in enumerate(ends):
            try:
                end.do_handshake()
                done.add(place)
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return done == {0, 1}


def forge(files: certificates.Files, name: x509.GeneralName) -> tuple[Path, Path]:
    """What a thief of the authority's key would make: a certificate for somebody else."""
    secret = serialization.load_pem_private_key(files.authority_key.read_bytes(), None)
    assert isinstance(secret, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = certificate(files.authority)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(secret.public_key()), critical=False
        )
        .sign(secret, hashes.SHA256())
    )
    paths = files.folder / "forged.crt", files.folder / "forged.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def test_it_is_believed_by_its_names_and_addresses(tmp_path: Path) -> None:
    files, _new = ensure(tmp_path, addresses=["192.168.1.10"])
    for called in ("localhost", "simpul.local", "192.168.1.10", "127.0.0.1"):
        assert shakes_hands(files, files.server, files.server_key, called), called
    assert not shakes_hands(files, files.server, files.server_key, "192.168.1.11")


def test_a_stolen_authority_cannot_play_a_bank(tmp_path: Path) -> None:
    files, _new = ensure(tmp_path)
    for name, called in (
        (x509.DNSName("bank.example.com"), "bank.example.com"),
        (x509.IPAddress(ipaddress.ip_address("198.51.100.7")), "198.51.100.7"),
    ):
        assert not shakes_hands(files, *forge(files, name), called), called
    inside = forge(files, x509.DNSName("lain.local"))
    assert shakes_hands(files, *inside, "lain.local"), "the same forgery inside the house works"


def test_a_new_address_makes_a_new_certificate_of_the_same_authority(tmp_path: Path) -> None:
    files, _new = ensure(tmp_path, addresses=["192.168.1.10"])
    print_of = fingerprint_of(certificate(files.authority))
    _files, is_new = ensure(tmp_path, addresses=["192.168.1.77"])
    assert is_new
    assert shakes_hands(files, files.server, files.server_key, "192.168.1.77")
    assert fingerprint_of(certificate(files.authority)) == print_of, "nobody installs again"
    assert ensure(tmp_path, addresses=[])[1] is False, "one address fewer is no reason"


def test_it_is_renewed_sixty_days_before_its_end(tmp_path: Path) -> None:
    files, _new = ensure(tmp_path, addresses=[])
    first = certificate(files.server).serial_number
    with time_machine.travel(datetime.now(UTC) + timedelta(days=certificates.SERVER_DAYS - 61)):
        assert ensure(tmp_path, addresses=[])[1] is False
    with time_machine.travel(datetime.now(UTC) + timedelta(days=certificates.SERVER_DAYS - 59)):
        assert ensure(tmp_path, addresses=[])[1] is True
    assert certificate(files.server).serial_number != first


def test_near_the_authoritys_end_nothing_is_made_again_and_again(tmp_path: Path) -> None:
    ensure(tmp_path, addresses=[])
    late = datetime.now(UTC) + timedelta(days=certificates.AUTHORITY_DAYS - 20)
    with time_machine.travel(late):
        assert ensure(tmp_path, addresses=[])[1] is True
        assert ensure(tmp_path, addresses=[])[1] is False
        facts = read_facts(tmp_path)
    assert facts is not None
    assert facts.server_ends == facts.authority_ends


@pytest.mark.parametrize("broken", ["server.crt", "server.key"])
@pytest.mark.parametrize("content", [b"", b"-----BEGIN nonsense", None])
def test_a_broken_server_file_is_made_anew(
    broken: str, content: bytes | None, tmp_path: Path
) -> None:
    files, _new = ensure(tmp_path)
    path = files.folder / broken
    path.unlink() if content is None else path.write_bytes(content)
    assert ensure(tmp_path)[1] is True
    assert shakes_hands(files, files.server, files.server_key, "localhost")


@pytest.mark.parametrize("broken", ["ca.crt", "ca.key"])
def test_a_broken_authority_is_never_replaced_silently(broken: str, tmp_path: Path) -> None:
    files, _new = ensure(tmp_path)
    (files.folder / broken).write_bytes(b"x")
    with pytest.raises(Refused, match="renew --authority"):
        ensure(tmp_path)
    assert (files.folder / broken).read_bytes() == b"x"


def test_a_new_authority_keeps_the_old_one_beside_it(tmp_path: Path) -> None:
    files, _new = ensure(tmp_path)
    before = files.authority.read_bytes()
    renew(tmp_path, authority=True)
    assert files.authority.read_bytes() != before
    (old,) = files.folder.glob("ca.crt.*")
    assert old.read_bytes() == before
    assert shakes_hands(files, files.server, files.server_key, "localhost")


def test_the_command_shows_and_renews(tmp_path: Path) -> None:
    missing = simpul("certificate", "show", "--json", data=tmp_path)
    assert missing.returncode == 1
    assert json.loads(missing.stdout)["code"] == "certificate_missing"
    renewed = json.loads(simpul("certificate", "renew", "--json", data=tmp_path).stdout)
    shown = json.loads(simpul("certificate", "show", "--json", data=tmp_path).stdout)
    assert renewed == shown
    assert shown["ok"] is True
    assert shown["fingerprint"] == fingerprint_of(certificate(files_in(tmp_path).authority))
    assert 800 < shown["days_left"] <= 820
    words = simpul("certificate", "show", data=tmp_path)
    assert shown["fingerprint"] in words.stdout
    assert "Sidik jari" in words.stdout
    assert not (tmp_path / "simpul.sqlite3").exists(), "needs no database"


# --- the plain door


def through(path: str, *, method: str = "GET", host: str = "10.0.0.5:8000", **more: str) -> Any:
    seen: list[Any] = []

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.append(environ)
        start("200 OK", [])
        return [b"inside"]

    said: list[Any] = []
    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "HTTP_HOST": host, **more}
    list(only_open(application, 8443)(environ, lambda *words: said.append(words)))
    return said[0][0], dict(said[0][1]), seen


@pytest.mark.parametrize("path", ["/pasang-sertifikat", "/simpul-ca.crt", "/static/web/a.css"])
def test_the_door_lets_the_explanation_through_without_cookies(path: str) -> None:
    status, _headers, seen = through(path, HTTP_COOKIE="simpul_sesi=x", HTTP_AUTHORIZATION="y")
    assert status == "200 OK"
    assert "HTTP_COOKIE" not in seen[0]
    assert "HTTP_AUTHORIZATION" not in seen[0]


@pytest.mark.parametrize(
    ("path", "method", "target"),
    [
        ("/loket", "GET", "https://10.0.0.5:8443/loket"),
        ("/", "GET", "https://10.0.0.5:8443/"),
        ("/masuk", "POST", "https://10.0.0.5:8443/masuk"),
        ("/pasang-sertifikat", "POST", "https://10.0.0.5:8443/pasang-sertifikat"),
        ("//elsewhere.example", "GET", "https://10.0.0.5:8443/elsewhere.example"),
        ("/a\r\nSet-Cookie: x", "GET", "https://10.0.0.5:8443/aSet-Cookie:x"),
    ],
)
def test_the_door_sends_the_rest_to_the_secure_address(path: str, method: str, target: str) -> None:
    status, headers, seen = through(path, method=method)
    assert status.startswith("307")
    assert headers["Location"] == target
    assert not seen


@pytest.mark.parametrize("host", ["", "a b", "x@y", "a/b", "h\r\nX: y", "[::1"])
def test_the_door_answers_no_odd_host(host: str) -> None:
    assert through("/loket", host=host)[0].startswith("400")


def test_the_door_keeps_an_ipv6_host_and_a_query() -> None:
    _s, headers, _seen = through("/loket", host="[fd00::2]:8000", QUERY_STRING="a=1&b=%20")
    assert headers["Location"] == "https://[fd00::2]:8443/loket?a=1&b=%20"


# --- the page


def test_the_page_is_open_to_everybody_and_gives_no_key(
    client: Client, db: None, tmp_path: Path, settings: Any
) -> None:
    files, _new = ensure(tmp_path)
    settings.DATA = tmp_path
    settings.SIMPUL_INSTALL_ADDRESS = "http://192.168.1.10:8000/pasang-sertifikat"
    page = client.get("/pasang-sertifikat")
    text = page.content.decode()
    fingerprint = fingerprint_of(certificate(files.authority))
    for place in range(0, 95, 24):
        assert fingerprint[place : place + 23] in text
    for words in ("Windows", "Android", "Firefox", "192.168.1.10:8000", "<svg"):
        assert words in text
    given = client.get("/simpul-ca.crt")
    assert given["Content-Type"] == "application/x-x509-ca-cert"
    assert given.content == files.authority.read_bytes()
    assert b"PRIVATE" not in given.content
    for path in ("/tls/ca.key", "/ca.key", "/static/tls/ca.key", "/static/../tls/ca.key"):
        assert client.get(path).status_code == 404


def test_without_a_certificate_the_page_says_so(
    client: Client, db: None, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    page = client.get("/pasang-sertifikat")
    assert page.status_code == 200
    assert "tanpa https" in page.content.decode()
    assert client.get("/simpul-ca.crt").status_code in (302, 404)


# --- a real server


@dataclass
class Secure:
    """A running `simpul serve` with https on this computer's own addresses."""

    data: Path
    port: int
    door: int
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def ask(self, path: str, **headers: str) -> http.client.HTTPResponse:
        context = certificates.trusting(files_in(self.data))
        line = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=context)
        line.request("GET", path, headers=headers)
        return line.getresponse()


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    data = tmp_path_factory.mktemp("secure")
    port, door = free_port(), free_port()
    words = ["serve", "--host", "0.0.0.0", "--port", str(port), "--http-port", str(door)]  # noqa: S104
    process = subprocess.Popen(
        [sys.executable, "-m", "simpul", *words],
        env=clean_environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    server = Secure(data, port, door, process)
    announced = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            server.lines.append(line)
            if "Ctrl+C" in line:
                announced.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        assert announced.wait(120), "".join(server.lines)
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@posix_only
def test_a_real_server_is_believed_and_its_cookies_are_for_https(secure: Secure) -> None:
    said = "".join(secure.lines)
    assert "Sertifikat server dibuat." in said
    assert f":{secure.port}" in said
    assert f":{secure.door}/pasang-sertifikat" in said
    answer = secure.ask("/mulai")
    assert answer.status == 200
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)
    assert answer.headers["Strict-Transport-Security"] is None, "a LAN address may be http again"


@posix_only
def test_nobody_else_is_believed(secure: Secure) -> None:
    context = ssl.create_default_context()
    line = http.client.HTTPSConnection("localhost", secure.port, timeout=20, context=context)
    with pytest.raises(ssl.SSLCertVerificationError):
        line.request("GET", "/health")


@posix_only
def test_http2_is_spoken(secure: Secure) -> None:
    import socket

    context = certificates.trusting(files_in(secure.data))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("localhost", secure.port), timeout=20) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as line,
    ):
        assert line.selected_alpn_protocol() == "h2"


@posix_only
def test_streams_still_flow_over_https(secure: Secure) -> None:
    words = ["--facility", "Puskesmas Coba", "--timezone", "WIB", "--name", "Sri"]
    made = simpul(
        "account", "create", *words, "--username", "sri", "--role", "kepala", "--password-stdin",
        data=secure.data, given="sandi-panjang-9\n",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    began = time.monotonic()
    answer = secure.ask("/live?topics=tv", Accept="text/event-stream")
    assert answer.status == 200
    assert answer.fp.readline()
    assert time.monotonic() - began < 10


@posix_only
def test_the_plain_door_of_a_real_server(secure: Secure) -> None:
    line = http.client.HTTPConnection("127.0.0.1", secure.door, timeout=20)
    line.request("GET", "/loket")
    answer = line.getresponse()
    assert answer.status == 307
    assert answer.headers["Location"] == f"https://127.0.0.1:{secure.port}/loket"
    answer.read()
    line = http.client.HTTPConnection("127.0.0.1", secure.door, timeout=20)
    line.request("GET", "/pasang-sertifikat")
    page = line.getresponse()
    facts = read_facts(secure.data)
    assert facts is not None
    assert facts.fingerprint[:23] in page.read().decode()


@posix_only
def test_a_new_certificate_is_served_after_a_hang_up(secure: Secure) -> None:
    """What the server does by itself when an address changes, without a restart."""
    before = certificate(files_in(secure.data).server).serial_number
    renew(secure.data)
    assert certificate(files_in(secure.data).server).serial_number != before
    secure.process.send_signal(signal.SIGHUP)
    context = certificates.trusting(files_in(secure.data))
    end = time.monotonic() + 30
    served = before
    while served == before and time.monotonic() < end:
        with suppress(OSError):
            pem = ssl.get_server_certificate(("localhost", secure.port), timeout=5)
            served = x509.load_pem_x509_certificate(pem.encode()).serial_number
        time.sleep(0.3)
    assert served == certificate(files_in(secure.data).server).serial_number
    assert context
    assert secure.ask("/health").status == 200


@pytest.mark.parametrize(
    ("words", "is_https"),
    [
        (["--host", "127.0.0.1"], False),
        (["--host", "localhost"], False),
        (["--http"], False),
        ([], True),
        (["--host", "192.168.1.10"], True),
    ],
)
def test_https_is_for_the_network_and_plain_for_this_computer(
    words: list[str], is_https: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from simpul.cli import serving
    from simpul.cli.main import main

    asked: dict[str, Any] = {}
    monkeypatch.setenv("SIMPUL_DATA", str(tmp_path))
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setenv("SIMPUL_HTTPS", "")
    monkeypatch.setenv("SIMPUL_INSTALL_ADDRESS", "")
    monkeypatch.setattr(serving, "require_free", lambda *_a: None)

    def note(host: str, port: int, **more: Any) -> int:
        asked.update(host=host, port=port, **more)
        return 0

    monkeypatch.setattr(serving, "serve", note)
    for name in ("load_django", "apply_migrations", "collect_static"):
        monkeypatch.setattr(f"simpul.cli.preparing.{name}", lambda: None)
    monkeypatch.setattr("simpul.cli.commands.serve._first_account", lambda: True)
    assert main(["serve", *words]) == 0
    assert (asked["https"] is not None) is is_https
    assert asked["port"] == (8443 if is_https else 8000)
    assert ("https://" in asked["announcement"]) is is_https
    assert os.environ["SIMPUL_HTTPS"] == ("1" if is_https else "")


@posix_only
@pytest.mark.browser
def test_a_browser_that_trusts_the_house_may_work_offline(secure: Secure) -> None:
    """Service workers, the camera and the sealed store need a secure context."""
    import base64
    import hashlib

    from playwright.sync_api import sync_playwright

    key = certificate(files_in(secure.data).server).public_key()
    told = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    trusted = base64.b64encode(hashlib.sha256(told).digest()).decode()
    with sync_playwright() as browsers:
        chromium = browsers.chromium.launch(
            executable_path=os.environ.get("SIMPUL_TEST_CHROMIUM") or "/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP simpul.local 127.0.0.1",
                f"--ignore-certificate-errors-spki-list={trusted}",
            ],
        )
        try:
            page = chromium.new_page()
            plain = f"http://simpul.local:{secure.door}/pasang-sertifikat"
            page.goto(plain)
            asks = "[isSecureContext, 'serviceWorker' in navigator, !!crypto.subtle]"
            assert page.evaluate(asks) == [False, False, False]
            assert page.locator('[data-uji="sertifikat-unduh"]').is_visible()
            page.goto(f"https://simpul.local:{secure.port}/mulai")
            assert page.evaluate(asks) == [True, True, True]
        finally:
            chromium.close()
