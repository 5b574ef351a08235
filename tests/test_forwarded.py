"""Whom a request is said to come from, behind a proxy and without one."""

from collections.abc import Callable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

import pytest

from gallery.forwarded import Forwarded


def seen(address: str, forwarded: str | None, trusted: str = "127.0.0.1,10.0.0.0/8") -> str:
    """The address that the application sees."""
    environ: dict[str, Any] = {"REMOTE_ADDR": address}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    setup_testing_defaults(environ)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        return [environ["REMOTE_ADDR"].encode()]

    def ignore(status: str, headers: object, error: object = None) -> Callable[[bytes], object]:
        raise AssertionError

    return b"".join(Forwarded(application, trusted)(environ, ignore)).decode()


def test_a_trusted_proxy_tells_who_the_visitor_is():
    assert seen("127.0.0.1", "192.0.2.7") == "192.0.2.7"
    assert seen("10.1.2.3", "2001:db8::7") == "2001:db8::7"
    assert seen("203.0.113.9", "192.0.2.7", "*") == "192.0.2.7"


def test_what_a_visitor_wrote_before_the_proxies_counts_for_nothing():
    assert seen("127.0.0.1", "1.2.3.4, 192.0.2.7, 10.0.0.2") == "192.0.2.7"


def test_a_stranger_cannot_choose_an_address():
    assert seen("203.0.113.9", "192.0.2.7") == "203.0.113.9"


@pytest.mark.parametrize("sent", [None, "", "nonsense", "unknown, 10.0.0.2"])
def test_without_an_address_the_proxy_itself_is_seen(sent):
    assert seen("127.0.0.1", sent) == "127.0.0.1"
