"""The files of a real deployment: systemd takes the units, and nginx' site speaks TLS."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gallery.limits import ROOM_FOR_FIELDS
from gallery.settings import UPLOAD_LIMIT_BYTES
from scaled.place import ROOT, found
from tests.conftest import require
from tests.servers import Gallery, free_port, listens, wait_until

pytestmark = pytest.mark.any_database

UNITS = ROOT / "scaled" / "units"
SITE = (UNITS / "site.conf").read_text()
NAME = "gallery.example"
MAIN = """
@USER
daemon off;
pid nginx.pid;
error_log stderr warn;
events {}
http {
    include /etc/nginx/mime.types;
    sendfile on;  # as Debian's has it
    client_body_temp_path bodies;
    proxy_temp_path answers;
    fastcgi_temp_path unused;
    uwsgi_temp_path unused;
    scgi_temp_path unused;
    include site.conf;
}
"""


def here(text: str) -> str:
    """A unit as it would be if this checkout were the one that is deployed."""
    bin = str(Path(sys.executable).parent)
    text = text.replace("/srv/unsigned/.venv/bin", bin).replace("/srv/unsigned", str(ROOT))
    return text.replace("/etc/unsigned.env", os.devnull)


def verified(*units: Path) -> str:
    """What systemd says of units; nothing if they will do."""
    require(shutil.which("systemd-analyze"), "needs systemd (Debian: apt-get install systemd)")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def copied(folder: Path, **changes: str) -> list[Path]:
    """The units in a folder, with words changed."""
    copies = []
    for unit in sorted(UNITS.glob("*.service")):
        text = here(unit.read_text())
        for old, new in changes.items():
            text = text.replace(old, new)
        copies.append(folder / unit.name)
        copies[-1].write_text(text)
    return copies


def test_systemd_takes_the_units(tmp_path):
    units = copied(tmp_path)
    assert len(units) == 3
    assert verified(*units) == ""


def test_what_systemd_would_not_take_is_noticed(tmp_path):
    assert "TimeoutStopSeconds" in verified(*copied(tmp_path, TimeoutStopSec="TimeoutStopSeconds"))


def locations(text: str) -> list[str]:
    """What a configuration says of each part of the site, line by line."""
    lines = [line.strip() for line in text[text.index("location / {") :].splitlines()]
    return [line for line in lines if line not in {"", "}"}]


def proxied(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip().startswith("proxy_")}


def test_the_site_is_what_make_scaled_is_tested_with():
    model = (ROOT / "scaled" / "nginx.conf").read_text()
    model = model.replace("@{sockets_port}", "8003").replace(
        "@{static}", "/var/lib/unsigned/static"
    )
    site = SITE.replace("unsigned_pages", "pages")
    assert locations(site) == locations(model)
    assert proxied(site) == proxied(model) - {"proxy_temp_path answers;"}
    most = re.search(r"client_max_body_size (\d+)m;", site)
    assert most
    assert int(most[1]) * 2**20 == UPLOAD_LIMIT_BYTES + ROOM_FOR_FIELDS


class Front:
    """nginx with the site file, a certificate of its own, and one process that makes pages."""

    def __init__(self, folder: Path, gallery: Gallery) -> None:
        self.folder, self.gallery = folder, gallery
        self.plain, self.secure = free_port(), free_port()

    def write(self) -> Front:
        """All but the process: the site as it is, save for ports and paths."""
        subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        files = ["-keyout", f"{self.folder}/privkey.pem", "-out", f"{self.folder}/fullchain.pem"]
        openssl = ["openssl", "req", "-x509", "-days", "2", *key, *subject, *files]
        subprocess.run(openssl, check=True, capture_output=True)
        site = SITE.replace("listen 80;", f"listen 127.0.0.1:{self.plain};")
        site = site.replace("listen 443 ", f"listen 127.0.0.1:{self.secure} ")
        site = site.replace("127.0.0.1:8001", f"127.0.0.1:{self.gallery.port}")
        site = site.replace(f"/etc/letsencrypt/live/{NAME}", str(self.folder))
        site = site.replace("/var/lib/unsigned", str(self.gallery.folder))
        (self.folder / "site.conf").write_text(site)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(MAIN.replace("@USER", user))
        return self

    def nginx(self, *options: str) -> list[str]:
        return [
            found("nginx"),
            "-p",
            str(self.folder),
            "-c",
            "nginx.conf",
            "-e",
            "stderr",
            *options,
        ]

    def ask(
        self,
        method: str,
        path: str,
        body: str | None = None,
        *,
        plain: bool = False,
        **headers: str,
    ) -> http.client.HTTPResponse:
        """As somebody who trusts the certificate and found the name in the DNS."""
        if plain:
            connection = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=20)
        else:
            trusted = ssl.create_default_context(cafile=self.folder / "fullchain.pem")
            connection = http.client.HTTPSConnection(
                "127.0.0.1", self.secure, timeout=20, context=trusted
            )
        connection.request(method, path, body, {"Host": NAME, **headers})
        answer = connection.getresponse()
        answer.text = answer.read().decode(errors="replace")  # type: ignore[attr-defined]
        connection.close()
        return answer


@pytest.fixture(scope="module")
def front(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    require(found("nginx"), "needs nginx (Debian: apt-get install nginx-light)")
    require(shutil.which("openssl"), "needs openssl, for a certificate")
    folder = tmp_path_factory.mktemp("tls")
    gallery = Gallery(shutil.copytree(furnished, folder / "gallery"))
    gallery.environment |= {"TLS": "1", "ALLOWED_HOSTS": NAME, "PAINT_IN_PROCESS": "0"}
    front = Front(folder, gallery).write()
    told = re.search(r"^ExecStart=(.*)$", (UNITS / "unsigned-http@.service").read_text(), re.M)
    assert told
    pages = shlex.split(here(told[1]).replace("%i", str(gallery.port)))
    with (folder / "log").open("ab") as log:
        processes = [
            subprocess.Popen(pages, cwd=ROOT, env=gallery.environment, stdout=log, stderr=log),
            subprocess.Popen(front.nginx(), stdout=log, stderr=log),
        ]
    try:
        wait_until(lambda: listens(front.secure) and listens(gallery.port), what="the start")
        yield front
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(15)


def test_nginx_takes_the_site(front):
    done = subprocess.run(front.nginx("-t"), capture_output=True, text=True, check=False)
    assert "test is successful" in done.stderr, done.stderr


def test_every_cookie_is_this_hosts_alone_and_browsers_are_told_to_insist_on_tls(front):
    """Also where somebody signs in, whom the gallery believes to have come by TLS."""
    page = front.ask("GET", "/login/")
    assert page.status == 200
    insists = "max-age=31536000; includeSubDomains; preload"
    assert page.headers["Strict-Transport-Security"] == insists
    cookies = SimpleCookie(page.headers["Set-Cookie"])
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token
    front.gallery.python("from tests.factories import make_user; make_user('grace', curator=True)")
    sent = urlencode(
        {"csrfmiddlewaretoken": token[1], "login": "grace", "password": "correct horse"}
    )
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"__Host-csrftoken={cookies['__Host-csrftoken'].value}",
        "Origin": f"https://{NAME}",
    }
    signed_in = front.ask("POST", "/login/", sent, **headers)
    assert signed_in.status == 302
    set_now = signed_in.headers.get_all("Set-Cookie")
    session = next(one for one in set_now if one.startswith("__Host-sessionid="))
    for cookie in [session, page.headers["Set-Cookie"]]:
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    hanging = front.ask("GET", "/hanging/", Cookie=session.partition(";")[0])
    assert hanging.status == 200
    elsewhere = front.ask("POST", "/login/", sent, **headers | {"Origin": f"http://{NAME}"})
    assert elsewhere.status == 403


def test_who_comes_without_tls_is_sent_to_it_and_learns_nothing(front):
    answer = front.ask("GET", "/studies/?page=2", plain=True)
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/studies/?page=2")
    assert answer.headers["Set-Cookie"] is None


def test_nobody_reads_the_measures_and_everybody_the_static_files(front):
    assert front.ask("GET", "/metrics").status == 404
    style = re.search(r"/static/css/base\.[0-9a-f]{12}\.css", front.ask("GET", "/login/").text)
    assert style
    answer = front.ask("GET", style[0])
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "text/css" in answer.headers["Content-Type"]
