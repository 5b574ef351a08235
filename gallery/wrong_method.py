"""A page for addresses that only take a form: Django answers them with an empty one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _


class WrongMethodMiddleware:
    """Say what a bare 405 means, as happens when such an address is opened from the history."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(
            request,
            "refused.html",
            {
                "title": _("Nothing to see at this address"),
                "message": _("It only takes what a form sends. Go back and use the form's button."),
                "next_url": reverse("home"),
                "next_label": _("Back to the entrance"),
            },
            status=405,
        )
        page["Allow"] = response["Allow"]
        return page
