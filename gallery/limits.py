"""A ceiling on request bodies. Django limits form fields but not files."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

ROOM_FOR_FIELDS = 1024 * 1024


class BodyLimitMiddleware:
    """Refuse a body over the upload limit by its declared length, before a byte is parsed.

    A body without a length reaches Django as empty, so the declared length is the whole story.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) <= settings.UPLOAD_LIMIT_BYTES + ROOM_FOR_FIELDS:
            return self.get_response(request)
        message = _("This upload is too large. Send a file of at most %(mb)d MB.") % {
            "mb": settings.UPLOAD_LIMIT_BYTES // 2**20
        }
        return render(request, "refused.html", {"message": message}, status=413)
