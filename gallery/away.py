"""A page for when the place where works are kept does not answer."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gallery.storage import StorageAway

logger = logging.getLogger(__name__)


class StorageAwayMiddleware:
    """Say that it is not the visitor's fault and will pass; the log says what is the matter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, StorageAway):
            return None
        logger.warning("%s", error)
        page = render(
            request,
            "refused.html",
            {
                "title": _("The store room does not answer"),
                "message": _("Works cannot be fetched or kept at this moment. Try again later."),
                "next_url": request.get_full_path() if request.method == "GET" else "",
                "next_label": _("Try again"),
            },
            status=503,
        )
        page["Retry-After"] = "30"
        return page
