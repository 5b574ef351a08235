"""What Prometheus may scrape. Each process is scraped by itself and tells of its own requests.

The state of the gallery is read from the database at the scrape, so every process tells the same of
it. Labels come from closed sets: states, and names of views; never from an address or a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from time import perf_counter
from typing import Any

from django.db import models
from django.db.models import Count, Min
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.timezone import now
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from gallery.findings.services import count_due
from gallery.runs.models import Run
from gallery.runs.models import State as RunState
from gallery.studies.models import Rater, Rating, Study, Trial
from gallery.works.models import Artwork, Origin
from gallery.works.models import State as WorkState

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
METHODS = {"GET", "HEAD", "POST"}  # that anything here answers
SECONDS = Histogram(
    "unsigned_http_request_seconds",
    "From a request's arrival in Django to its answer's head; its count is that of requests.",
    ["view", "method", "status"],
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class RequestTimes:
    """Count and time every request by the name of its view; what has none, as static files and
    unknown addresses, counts as one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in METHODS else "other"
        status = f"{response.status_code // 100}xx"
        SECONDS.labels(view, method, status).observe(perf_counter() - began)
        return response


class GalleryCollector(Collector):
    """Counts of rows, made anew at each scrape."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: else the database would be asked as soon as this is registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        works = _by(Artwork.objects.all(), state=WorkState, origin=Origin)
        yield _gauge("works", "Works.", works, "state", "origin")
        yield _gauge("runs", "Runs.", _by(Run.objects.all(), state=RunState), "state")
        oldest = Run.objects.filter(state=RunState.QUEUED).aggregate(at=Min("created"))["at"]
        waited = (now() - oldest).total_seconds() if oldest else 0
        yield _gauge("oldest_queued_run_seconds", "Its age; 0 where none waits.", waited)
        held = Run.objects.held()
        leases = {("held",): held.count(), ("silent",): Run.objects.silent().count()}
        yield _gauge("leases", "Runs in hand, and those of silent workers.", leases, "state")
        workers = held.order_by().values("worker").distinct().count()
        yield _gauge("workers", "Workers that hold a run.", workers)
        yield _gauge("sittings", "Sittings begun, also simulated.", Rater.objects.count())
        yield _gauge("ratings", "Answers on scales, also simulated.", Rating.objects.count())
        waiting = Trial.objects.unanswered().filter(rater__study__in=Study.objects.open())
        yield _gauge("open_trials", "Trials of open studies without answer.", waiting.count())
        yield _gauge("findings_due", "Studies whose findings are to be computed.", count_due())


REGISTRY.register(GalleryCollector())


def _by(rows: models.QuerySet[Any], **labels: type[models.TextChoices]) -> dict[Any, float]:
    """How many rows there are of each kind, also of those that there are none of."""
    none = dict.fromkeys(product(*(choices.values for choices in labels.values())), 0)
    counted = rows.order_by().values_list(*labels).annotate(Count("pk"))
    return none | {tuple(kind): number for *kind, number in counted}


def _gauge(
    name: str, words: str, value: float | Mapping[Any, float], *labels: str
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"unsigned_{name}", words, labels=labels)
    for kind, number in value.items() if isinstance(value, Mapping) else [((), value)]:
        family.add_metric(kind, number)
    return family
