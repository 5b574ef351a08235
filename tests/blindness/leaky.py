"""The gallery with one leak at a time switched on, to prove that the attack would notice.

A cookie names the leak; the product has none of this. Each leak is a mistake that real sites make.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from PIL import Image

from gallery.studies.models import Rater, Trial
from gallery.works.models import Artwork

ALIAS = re.compile(r"/trials/([0-9a-f-]{36})/")
Response = HttpResponse
Leak = Callable[[Response, bool], None]  # the response, and whether the work is by a machine

ON_PICTURES: dict[str, Leak] = {}
ON_PAGES: dict[str, Leak] = {}
ELSEWHERE = ["order", "sequential id", "sitemap", "prefetch", "websocket"]


def on(leaks: dict[str, Leak], name: str) -> Callable[[Leak], Leak]:
    def keep(leak: Leak) -> Leak:
        leaks[name] = leak
        return leak

    return keep


def header(name: str, human: str, machine: str) -> Leak:
    def leak(response: Response, by_machine: bool) -> None:
        if value := machine if by_machine else human:
            response[name] = value

    return leak


def markup(old: str, new: str) -> Leak:
    def leak(response: Response, by_machine: bool) -> None:
        if by_machine:
            response.content = response.content.replace(old.encode(), new.encode())

    return leak


ON_PICTURES |= {
    "file name": header(
        "Content-Disposition", "inline; filename=scan.webp", "inline; filename=run.webp"
    ),
    "etag": header("ETag", '"5f3"', ""),
    "last modified": header("Last-Modified", "Tue, 24 Nov 2026 10:00:00 GMT", ""),
    "cache control": header("Cache-Control", "private, max-age=600", "private, no-store"),
    "ranges": header("Accept-Ranges", "bytes", ""),
}
ON_PAGES |= {
    "class name": markup('class="frame"', 'class="frame run"'),
    "alt text": markup('alt="The work"', 'alt="Generated picture"'),
    "comment": markup("</form>", "<!-- run --></form>"),
    "white space": markup("</header>", "\n</header>"),
    "data attribute": markup('id="trial"', 'id="trial" data-src="2"'),
    "page header": header("X-Served-From", "uploads", "runs"),
}


@on(ON_PICTURES, "exif")
def exif(response: Response, by_machine: bool) -> None:
    if by_machine:
        _encoded(response, "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")


@on(ON_PICTURES, "format")
def format_(response: Response, by_machine: bool) -> None:
    if not by_machine:
        _encoded(response, "JPEG")


@on(ON_PICTURES, "dimensions")
def dimensions(response: Response, by_machine: bool) -> None:
    if by_machine:
        _encoded(response, "WEBP", side=512)


@on(ON_PICTURES, "latency")
def latency(response: Response, by_machine: bool) -> None:
    time.sleep(0.03 * by_machine)


@on(ON_PICTURES, "length")
def length(response: Response, by_machine: bool) -> None:
    response.content += b"\0" * (3 * by_machine)


@on(ON_PICTURES, "not modified")
def not_modified(response: Response, by_machine: bool) -> None:
    if by_machine and "If-None-Match" in response.asked.headers:  # type: ignore[attr-defined]  # see `_leak`
        response.status_code, response.content = 304, b""


@on(ON_PICTURES, "header order")
def header_order(response: Response, by_machine: bool) -> None:
    if by_machine:
        kept = response.headers.pop("Cache-Control")[1]
        response["Cache-Control"] = kept


@on(ON_PAGES, "cookie")
def cookie(response: Response, by_machine: bool) -> None:
    if by_machine:
        response.set_cookie("seen", "1")


def _encoded(response: Response, kind: str, side: int = 640, **options: Any) -> None:
    picture = Image.open(io.BytesIO(response.content)).convert("RGB").resize((side, side))
    file = io.BytesIO()
    picture.save(file, kind, quality=90, **options)
    data = file.getvalue()
    response.content = data + b"\0" * (-len(data) % (128 * 1024))
    response["Content-Type"] = f"image/{kind.lower()}"


def naive(response: Response, artwork: Artwork) -> None:
    """What a site serves that hides names only: the file as it came, under a name of its own."""
    with default_storage.open(artwork.original_path) as file:
        response.content = file.read()
    kind = (Image.open(io.BytesIO(response.content)).format or "").lower()
    response["Content-Type"] = f"image/{kind}"
    response["Content-Disposition"] = f'inline; filename="{artwork.pk}.{kind}"'
    response["Last-Modified"] = artwork.created.strftime("%a, %d %b %Y %H:%M:%S GMT")


LEAKS = [*ON_PICTURES, *ON_PAGES, *ELSEWHERE]


class LeakMiddleware:
    """Alters real responses by who made the work, as the request's cookie says."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        leak = request.COOKIES.get("leak", "").replace("_", " ")
        if not leak:
            return response
        if leak in ("order", "sequential id") and request.path.endswith("/begin/"):
            _rearrange(leak, request.path.split("/")[2])
        if leak == "sitemap" and request.path == "/sitemap.xml":
            machines = Trial.objects.filter(study_work__artwork__origin="machine")
            return HttpResponse("\n".join(map(str, machines.values_list("code", flat=True))))
        if isinstance(response, HttpResponse) and response.status_code == 200:
            _leak(leak, request, response)
        return response


def _leak(leak: str, request: HttpRequest, response: HttpResponse) -> None:
    on_picture = request.path.endswith("/picture/")
    found = ALIAS.search(request.path if on_picture else response.content.decode(errors="replace"))
    if not found:
        return
    trial = Trial.objects.select_related("study_work__artwork").filter(code=found[1]).first()
    if trial is None:
        return
    response.asked = request  # type: ignore[attr-defined]  # for a leak that looks at it
    if leak == "naive" and on_picture:
        naive(response, trial.study_work.artwork)
    elif leak == "prefetch" and not on_picture:
        _prefetch_of_one_side(trial, response)
    elif change := (ON_PICTURES if on_picture else ON_PAGES).get(leak):
        change(response, trial.study_work.artwork.by_machine)
    response["Content-Length"] = len(response.content)


def _prefetch_of_one_side(trial: Trial, response: HttpResponse) -> None:
    after = trial.rater.trials.filter(position=trial.position + 1)
    upcoming = after.select_related("study_work__artwork").first()
    if upcoming and upcoming.study_work.artwork.by_machine:
        response.content = re.sub(rb'<link rel="prefetch"[^>]*>', b"", response.content)


def _rearrange(leak: str, slug: str) -> None:
    rater = Rater.objects.filter(study__slug=slug).latest("pk")
    trials = list(rater.trials.select_related("study_work__artwork"))
    by_side = sorted(trials, key=lambda trial: trial.study_work.artwork.by_machine)
    for place, trial in enumerate(by_side if leak == "order" else trials):
        changed: dict[str, Any] = {"position": 1000 + place}
        if leak == "sequential id":
            first = 1 if trial.study_work.artwork.by_machine else 0
            changed = {"code": UUID(int=(first << 126) + trial.pk)}
        Trial.objects.filter(pk=trial.pk).update(**changed)


def talkative(gallery: Any) -> Any:
    """The gallery with sockets that answer on works by machines, where that leak is on."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        cookies = dict(scope.get("headers", [])).get(b"cookie", b"")
        if scope["type"] == "websocket" and b"leak=websocket" in cookies:
            code = scope["path"].split("/")[-2]
            of_machine = Trial.objects.filter(code=code, study_work__artwork__origin="machine")
            if await sync_to_async(of_machine.exists)():
                await receive()
                await send({"type": "websocket.accept"})
                await send({"type": "websocket.close"})
                return
        await gallery(scope, receive, send)

    return application
