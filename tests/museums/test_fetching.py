"""What comes from outside is bounded in time and size, and tells nothing of who asks for it."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import pytest

from gallery.museums import fetching, turns
from gallery.museums.fetching import MOST_JSON, fetch, fetch_json
from gallery.museums.refusals import NotFetched
from tests.conftest import require
from tests.museums.server import museum_at


def endless(head: bytes, more: bytes, pause: float = 0.0):
    """An answer that begins with `head` and then never ends."""

    def answer(handler) -> None:
        handler.wfile.write(head)
        while True:
            handler.wfile.write(more)
            sleep(pause)

    return answer


def test_it_says_who_asks_and_nothing_else(museum, settings, monkeypatch, tmp_path):
    """Not even what a machine's environment offers to programs that fetch."""
    for name in ("HTTP_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://user:password@127.0.0.1:1/")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ada password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    settings.MUSEUMS_CONTACT = "curator@gallery.example\r\nCookie: a=b"
    museum.say("/a", b"", 302, Location="/b", Set_Cookie="a=b; Path=/")
    museum.say("/b", b"words")
    assert fetch(f"{museum.url}/a", most=9) == b"words"
    for _time, _path, headers in museum.asked:
        assert headers == {
            "Host": f"127.0.0.1:{museum.port}",
            "User-Agent": "Unsigned/0.1 (curator@gallery.example Cookie: a=b)",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }


def test_without_a_contact_it_still_says_which_program_it_is(museum):
    museum.say("/a", b"words")
    fetch(f"{museum.url}/a", most=9)
    assert museum.asked[0][2]["User-Agent"] == "Unsigned/0.1"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "more"),
    [
        (HEAD, b"a"),
        (CHUNKED, b"1\r\na\r\n"),
        (CHUNKED + b"5;", b"a"),
        (b"HTTP/1.1 200 OK\r\n", b"A"),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        (b"", b"H"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b""),
    ],
    ids=["body", "chunks", "chunk's size", "header", "headers", "status", "continue", "silence"],
)
def test_a_server_that_drips_ends_with_the_time_it_has(museum, monkeypatch, head, more):
    monkeypatch.setattr(fetching, "SECONDS", 1.0)
    museum.answers["/a"] = endless(head, more, pause=0.1)
    begun = monotonic()
    with pytest.raises(NotFetched, match=r"127.0.0.1 took too long to answer\."):
        fetch(f"{museum.url}/a", most=10**6)
    assert 0.9 < monotonic() - begun < 1.9


def test_redirects_share_the_time(museum, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 1.0)

    def slow(handler) -> None:
        sleep(0.4)
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n")

    museum.answers["/a"] = slow
    begun = monotonic()
    with pytest.raises(NotFetched, match="took too long"):
        fetch(f"{museum.url}/a", most=9)
    assert monotonic() - begun < 1.9


def test_a_slow_resolver_is_left_behind(monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    let_go = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        let_go.wait(9)
        return ["127.0.0.1"]

    begun = monotonic()
    with pytest.raises(NotFetched, match=r"museum\.example took too long"):
        fetch("https://museum.example/", most=9, resolve=slow)
    assert monotonic() - begun < 1.4
    let_go.set()


def test_a_server_that_does_not_greet_in_tls_ends_with_the_time_it_has(settings, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.MUSEUMS_TRUSTED_HOSTS = [f"127.0.0.1:{port}"]
        begun = monotonic()
        with pytest.raises(NotFetched, match="took too long"):
            fetch(f"https://127.0.0.1:{port}/", most=9)
        assert monotonic() - begun < 1.4


def test_the_next_address_of_a_name_is_tried_where_the_first_does_not_answer(museum):
    museum.say("/a", b"words")
    address = f"http://museum.test:{museum.port}/a"
    assert fetch(address, most=9, resolve=lambda *_: ["127.0.0.99", "127.0.0.1"]) == b"words"
    with pytest.raises(NotFetched, match=r"museum.test could not be read\."):
        fetch(address, most=9, resolve=lambda *_: ["127.0.0.98", "127.0.0.99"])


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\n\r\n", CHUNKED + b"FFFFFFFF\r\n", HEAD], ids=str
)
def test_a_body_is_cut_where_it_grows_too_large(museum, head):
    museum.answers["/a"] = endless(head, bytes(4096))
    with pytest.raises(NotFetched, match=r"127.0.0.1 sends more than 0.0625 MB\. Choose something"):
        fetch(f"{museum.url}/a", most=2**16)


def test_a_body_of_just_the_size_is_not_too_large(museum):
    museum.say("/a", bytes(1000))
    assert fetch(f"{museum.url}/a", most=1000) == bytes(1000)
    museum.say("/b", gzip.compress(bytes(1000)), Content_Encoding="gzip")
    assert fetch(f"{museum.url}/b", most=1000) == bytes(1000)
    for path in ("/a", "/b"):
        with pytest.raises(NotFetched, match="sends more than"):
            fetch(museum.url + path, most=999)


def test_a_packed_bomb_is_cut_before_it_is_unpacked(museum):
    museum.say("/a", gzip.compress(bytes(200 * 2**20), 1), Content_Encoding="gzip")
    with pytest.raises(NotFetched, match="sends more than 2 MB"):
        fetch(f"{museum.url}/a", most=MOST_JSON)


def test_packed_bytes_without_content_do_not_come_for_ever(museum):
    packer = zlib.compressobj(wbits=31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    empty = packer.flush(zlib.Z_FULL_FLUSH) or b"\0\0\0\xff\xff"
    museum.answers["/a"] = endless(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + head, empty * 2000
    )
    with pytest.raises(NotFetched, match="sends more than"):
        fetch(f"{museum.url}/a", most=2**17)


WHOLE = gzip.compress(b"words " * 999)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"half", {"Content-Length": "9"}),
        (WHOLE[:-9], {"Content-Encoding": "gzip"}),
        (b"no gzip", {"Content-Encoding": "gzip"}),
        (b"words", {"Content-Encoding": "br"}),
        (b"words", {"Content-Encoding": "gzip, gzip"}),
        (b"5\r\nwor", {"Transfer-Encoding": "chunked"}),
        (b"x\r\nwords", {"Transfer-Encoding": "chunked"}),
    ],
)
def test_what_is_cut_short_or_packed_otherwise_is_not_taken_for_whole(museum, body, headers):
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    head = f"HTTP/1.1 200 OK\r\n{''.join(lines)}\r\n".encode()
    museum.answers["/a"] = lambda handler: handler.wfile.write(head + body)
    with pytest.raises(
        NotFetched, match=r"127.0.0.1 could not be read\. Check the address, or try"
    ):
        fetch(f"{museum.url}/a", most=10**6)


@pytest.mark.parametrize("said", [b"", b"hello\r\n\r\n", b"HTTP/1.1 two\r\n\r\n", b"\0" * 99])
def test_what_is_no_http_is_not_read(museum, said):
    museum.answers["/a"] = lambda handler: handler.wfile.write(said)
    with pytest.raises(NotFetched, match="could not be read"):
        fetch(f"{museum.url}/a", most=9)


def test_many_or_long_headers_are_not_read(museum):
    for headers in (b"A: b\r\n" * 101, b"A: " + b"b" * 70_000 + b"\r\n"):
        said = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n"
        museum.answers["/a"] = lambda handler, said=said: handler.wfile.write(said)
        with pytest.raises(NotFetched, match="could not be read"):
            fetch(f"{museum.url}/a", most=9)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (204, "answered with error 204. Try again in a few minutes."),
        (206, "answered with error 206."),
        (304, "answered with error 304."),
        (403, "answered with error 403."),
        (404, "has nothing there. Check the address."),
        (410, "has nothing there. Check the address."),
        (500, "answered with error 500."),
    ],
)
def test_an_error_is_told_with_what_to_do(museum, status, sentence):
    museum.say("/a", b"", status)
    with pytest.raises(NotFetched) as refused:
        fetch(f"{museum.url}/a", most=9)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{",
        b'{"a": 1} and more',
        b"\xff\xfe\xff",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5_000,
    ],
    ids=lambda body: repr(body[:9]),
)
def test_what_is_no_json_is_refused(museum, body):
    museum.say("/a", body)
    with pytest.raises(NotFetched, match="could not be read"):
        fetch_json(f"{museum.url}/a")


def test_ten_megabytes_of_json_are_refused(museum):
    museum.say("/a", b'["' + b"a" * 10 * 2**20 + b'"]')
    with pytest.raises(NotFetched, match="sends more than 2 MB"):
        fetch_json(f"{museum.url}/a")


# Politeness


def test_two_requests_to_a_host_are_a_second_apart(museum, monkeypatch):
    """Also from two threads at once, and where a redirect leads to the same host."""
    monkeypatch.setattr(turns, "SECONDS_APART", 1.0)
    museum.say("/a", b"", 302, Location="/b")
    museum.say("/b", b"words")
    asks = [lambda: fetch(f"{museum.url}/a", most=9), lambda: fetch(f"{museum.url}/b", most=9)]
    threads = [threading.Thread(target=ask) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(time for time, _path, _headers in museum.asked)
    assert len(times) == 3
    assert all(after - before > 0.98 for before, after in pairwise(times))


def test_two_hosts_do_not_wait_for_each_other(museum, monkeypatch):
    monkeypatch.setattr(turns, "SECONDS_APART", 1.0)
    museum.say("/a", b"words")
    begun = monotonic()
    fetch(f"{museum.url}/a", most=9)
    fetch(f"http://museum.test:{museum.port}/a", most=9, resolve=lambda *_: ["127.0.0.1"])
    assert monotonic() - begun < 0.9


@pytest.mark.parametrize("status", [429, 503])
def test_a_museum_that_asks_for_a_pause_gets_it(museum, status):
    """It is not asked again before, and the curator is told how long that is."""
    museum.say("/a", b"", status, Retry_After="120")
    for _ in range(2):
        with pytest.raises(NotFetched) as refused:
            fetch(f"{museum.url}/a", most=9)
        assert str(refused.value) == (
            "127.0.0.1 asks to be left alone for a while. Try again in 120 seconds."
        )
    assert len(museum.asked) == 1


def test_a_short_pause_is_waited_for(museum):
    museum.say("/a", b"", 503, Retry_After="1")
    with pytest.raises(NotFetched, match="in 1 seconds"):
        fetch(f"{museum.url}/a", most=9)
    museum.say("/a", b"words")
    assert fetch(f"{museum.url}/a", most=9) == b"words"
    assert museum.asked[1][0] - museum.asked[0][0] > 0.98


def test_a_pause_may_be_told_as_a_date():
    in_two_minutes = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    assert 118 < turns.seconds_of(in_two_minutes) <= 120


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("", 60),
        ("soon", 60),
        ("-5", 60),
        ("1.5", 60),
        ("٣", 60),
        ("0", 1),
        ("30", 30),
        ("999999999", 3600),
        ("9" * 99, 60),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1),
        ("Wed, 21 Oct 9999 07:28:00 -0000", 3600),
        ("Wed, 99 Oct 2015 07:28:00 GMT", 60),
    ],
)
def test_a_pause_stays_within_reason(said, seconds):
    assert turns.seconds_of(said) == seconds


def test_only_a_few_wait_for_museums_at_once():
    """The other threads are there for visitors."""
    sentence = "Somebody else is asking museums"
    with turns.place(), turns.place(), pytest.raises(NotFetched, match=sentence), turns.place():
        raise AssertionError
    with turns.place(), turns.place():
        pass


# TLS


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
