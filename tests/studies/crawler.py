"""Every address the site knows, filled with everything that could stand in it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


def addresses(known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Each route with each combination of values; `known` maps a converter's name to its values.

    Patterns that are regular expressions (the admin's catch-all) are left out.
    """
    for route in dict.fromkeys(_routes("/", get_resolver())):
        places = [match[1] or "str" for match in PLACE.finditer(route)]
        for values in itertools.product(*(known[place] for place in places)):
            address = route
            for value in values:
                address = PLACE.sub(value, address, count=1)
            yield address


def _routes(prefix: str, resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(route, pattern)
