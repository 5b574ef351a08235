"""What comes from outside is bounded in time and size, and tells nothing of who asks for it."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from time import monotonic, sleep

import pytest

from gallery.museums import fetching
from gallery.museums.fetching import MOST_JSON, fetch, fetch_json
from gallery.museums.refusals import NotFetched


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


WHOLE = gzip.compress(b"words " * 999, mtime=0)  # it names a test, in every process alike


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
