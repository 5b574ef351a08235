"""Who a request comes from, where a proxy in front passes it on.

The limits on one network ask it. uvicorn puts the visitor's address in the proxy's place by itself;
gunicorn never does, and all visitors would be one.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Forwarded:
    """Call `application` with REMOTE_ADDR as X-Forwarded-For tells it, if a `trusted` one does.

    `trusted` is what uvicorn and gunicorn take as FORWARDED_ALLOW_IPS: addresses or networks with
    commas between them, or "*" for whoever connects. Of several addresses the last that is not
    trusted counts: what stands before it, the visitor may have written.
    """

    def __init__(self, application: WSGIApplication, trusted: str) -> None:
        self.application = application
        self.all = trusted.strip() == "*"
        names = [] if self.all else [name.strip() for name in trusted.split(",")]
        self.networks = [ip_network(name, strict=False) for name in names if name]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        sent = environ.get("HTTP_X_FORWARDED_FOR", "")
        if sent and self._trusts(environ.get("REMOTE_ADDR", "")):
            chain = [address.strip() for address in sent.split(",")]
            visitor = next((a for a in reversed(chain) if not self._trusts(a)), chain[0])
            if _is_address(visitor):
                environ["REMOTE_ADDR"] = visitor
        return self.application(environ, start_response)

    def _trusts(self, address: str) -> bool:
        if self.all or not _is_address(address):
            return self.all
        return any(ip_address(address) in network for network in self.networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
