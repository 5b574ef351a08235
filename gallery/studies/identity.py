"""Who a visitor is to the studies: a signed cookie for each study, and nothing else.

A second one, without a code, stays where the answers of a finished sitting were erased: whoever
has read the labels cannot rate those works blind.

The cookie holds the rater's code. No account, no address and no browser is ever stored, so whoever
holds the code is the rater.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from gallery.http import HtmxRequest
from gallery.studies.models import Rater, Study

PREFIX = "rater-"
SEEN = "seen-"
SALT = "gallery.studies.identity"
KEPT = timedelta(days=365)
MOST_STUDIES = 50  # cookies read for one visitor; a browser keeps about as many for a site


class VisitorRequest(HtmxRequest):
    """A request after `RatersMiddleware`."""

    raters: Callable[[], list[int]]
    readers: Callable[[], list[int]]  # those of them who have read labels


class RatersMiddleware:
    """Put on the request a function that finds this visitor's raters (primary keys), so that the
    public gallery can ask without knowing studies. Who does not ask pays no query, and who asks
    twice pays one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found: list[list[tuple[int, datetime | None]]] = []

        def known() -> list[tuple[int, datetime | None]]:
            if not found:
                raters = Rater.objects.known_by(_codes(request)).order_by("-pk")
                found.append(list(raters.values_list("pk", "revealed_at")))
            return found[0]

        visit = cast(VisitorRequest, request)
        visit.raters = lambda: [pk for pk, _ in known()]
        visit.readers = lambda: [pk for pk, read in known() if read]
        response = self.get_response(request)
        if found:
            patch_vary_headers(response, ["Cookie"])
        return response


def raters_of(request: HttpRequest) -> list[Rater]:
    """Everyone this browser has been, newest first; forged cookies count for nothing."""
    return list(Rater.objects.known_by(_codes(request)).order_by("-pk"))


def _codes(request: HttpRequest) -> list[str]:
    names = [name for name in request.COOKIES if name.startswith(_named(PREFIX))][:MOST_STUDIES]
    return [code for name in names if (code := _signed(request, name))]


def rater_of(request: HttpRequest, study: Study) -> Rater | None:
    """Who this browser is in this study."""
    code = _signed(request, _named(PREFIX, study))
    return Rater.objects.known_by([code]).filter(study=study).first() if code else None


def _named(kind: str, study: Study | None = None) -> str:
    """The name of the cookie for a study, or how the names for all of them begin. Under TLS only
    one that no other host can have set counts."""
    return settings.COOKIE_PREFIX + kind + (study.slug if study else "")


def _signed(request: HttpRequest, name: str) -> str:
    try:
        return request.get_signed_cookie(name, salt=SALT, max_age=KEPT) or ""
    except (KeyError, BadSignature):
        return ""


def remember(response: HttpResponse, rater: Rater) -> None:
    """Let this browser be that rater."""
    _keep(response, _named(PREFIX, rater.study), rater.code)


def remember_seen(response: HttpResponse, study: Study) -> None:
    """Let this browser have read the labels of that study."""
    _keep(response, _named(SEEN, study), "labels")


def has_seen(request: HttpRequest, study: Study) -> bool:
    """Whether a finished sitting of that study was erased in this browser."""
    return bool(_signed(request, _named(SEEN, study)))


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=SALT,
        max_age=KEPT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget(response: HttpResponse, rater: Rater) -> None:
    """Let this browser be nobody in that rater's study."""
    response.delete_cookie(_named(PREFIX, rater.study), samesite="Lax")
