"""The request type that views see."""

from collections.abc import Callable

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request after `HtmxMiddleware` and `RatersMiddleware`."""

    htmx: HtmxDetails
    raters: Callable[[], list[int]]  # primary keys of the raters that this visitor is
