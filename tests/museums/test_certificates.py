"""A museum proves its name."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from gallery.museums.fetching import fetch
from gallery.museums.refusals import NotFetched
from tests.conftest import require
from tests.museums.server import museum_at


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """For museum.test alone; and its key."""
    require(shutil.which("openssl"), "needs OpenSSL's command (Debian: apt-get install openssl)")
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=museum.test"]
    command += ["-addext", "subjectAltName=DNS:museum.test"]
    command += ["-out", str(paths[0]), "-keyout", str(paths[1])]
    subprocess.run(command, check=True, capture_output=True)
    return paths


@pytest.fixture
def safe_museum(settings, certificate):
    """Speaks TLS; `names` are those it was greeted with."""
    with museum_at() as museum:
        names: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        context.sni_callback = lambda _line, name, _context: names.append(name)
        museum.server.socket = context.wrap_socket(museum.server.socket, server_side=True)
        museum.say("/a", b"words")
        hosts = ["museum.test", "other.test", "127.0.0.1"]
        settings.MUSEUMS_TRUSTED_HOSTS = [f"{host}:{museum.port}" for host in hosts]
        yield museum, names


def test_the_certificate_is_held_to_the_name_and_not_to_what_it_resolves_to(
    safe_museum, certificate, monkeypatch
):
    museum, names = safe_museum
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    def ask(host: str) -> bytes:
        return fetch(f"https://{host}:{museum.port}/a", most=9, resolve=lambda *_: ["127.0.0.1"])

    assert ask("museum.test") == b"words"
    assert names == ["museum.test"]
    assert museum.asked[0][2]["Host"] == f"museum.test:{museum.port}"
    for host in ("other.test", "127.0.0.1"):
        with pytest.raises(NotFetched, match=f"{host} could not prove that this is its name"):
            ask(host)
    assert len(museum.asked) == 1


def test_a_certificate_that_nobody_vouches_for_proves_nothing(safe_museum, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    museum, _names = safe_museum
    with pytest.raises(NotFetched, match="could not prove that this is its name"):
        fetch(f"https://museum.test:{museum.port}/a", most=9, resolve=lambda *_: ["127.0.0.1"])
    assert museum.asked == []
