"""Who a visitor is to the studies: a signed cookie for each study, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class RatersMiddleware:
    """Put on the request a function that finds this visitor's raters, so that the public gallery
    can ask without knowing studies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
