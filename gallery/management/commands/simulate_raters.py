"""Let raters that are a program sit a simulated study, over HTTP, with a known effect."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from gallery.simulation.answering import Truth, Work
from gallery.simulation.crowd import Crowd, Ledger, sit_all
from gallery.simulation.in_bulk import work_of
from gallery.studies.models import Study, Trial


class Command(BaseCommand):
    help = (
        "Simulated raters sit STUDY over HTTP, with an effect that is known. Only a study that is "
        "marked as simulated takes them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the last part of the study's address")
        parser.add_argument("--raters", type=int, default=100)
        parser.add_argument(
            "--effect",
            default="coherence=0,surprise=0",
            help="people less machines in logits, by item: coherence=0.4,surprise=-0.3",
        )
        parser.add_argument(
            "--dprime", type=float, default=0.5, help="how well they tell the sides"
        )
        parser.add_argument("--careless", type=float, default=0.0, help="share of raters, 0 to 1")
        parser.add_argument("--leave", type=float, default=0.0, help="share who go before the end")
        parser.add_argument("--skip", type=float, default=0.0, help="share of works passed over")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--at-once", type=int, default=4, help="sittings at the same time")
        parser.add_argument(
            "--speed", type=float, default=0.0, help="1 is a person's; 0, no waiting"
        )
        parser.add_argument(
            "--url", help="a gallery that runs on this database, else one is started"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            raise CommandError(f"There is no study with the address “{options['study']}”.")
        if not study.simulated:
            raise CommandError(
                "People sit this study. Draft one that is for simulated raters only."
            )
        if not study.is_open:
            raise CommandError("This study is not open.")
        truth = Truth(
            effects=effects(options["effect"]),
            dprime=options["dprime"],
            careless=options["careless"],
            seed=options["seed"],
        )
        with served(options["url"]) as url:
            crowd = Crowd(
                url=url,
                slug=study.slug,
                truth=truth,
                oracle=works_behind,
                raters=options["raters"],
                at_once=options["at_once"],
                speed=options["speed"],
                leave=options["leave"],
                skip=options["skip"],
            )
            ledgers = sit_all(crowd)
        self.tell(ledgers, truth)
        if any(ledger.lost for ledger in ledgers):
            raise CommandError(next(ledger.lost for ledger in ledgers if ledger.lost))

    def tell(self, ledgers: list[Ledger], truth: Truth) -> None:
        waits = [1000 * wait for ledger in ledgers for wait in ledger.waits]
        cares = Counter(ledger.care for ledger in ledgers)
        sent, taken = sum(one.sent for one in ledgers), sum(one.taken for one in ledgers)
        self.stdout.write(f"raters {len(ledgers)}, left early {sum(one.left for one in ledgers)}")
        self.stdout.write(f"pages sent {sent}, taken {taken}, lost {sent - taken}")
        self.stdout.write(f"skipped {sum(one.skipped for one in ledgers)}; {dict(cares)}")
        if len(waits) > 1:
            p95 = quantiles(waits, n=20)[-1]
            self.stdout.write(
                f"answer to next page: median {median(waits):.0f} ms, p95 {p95:.0f} ms"
            )
            pace = median(one.seconds for one in ledgers) / 60
            self.stdout.write(
                f"a sitting at a person's pace: median {pace:.1f} minutes of answering"
            )
        told = ", ".join(f"{item} {effect:+g}" for item, effect in truth.effects.items())
        self.stdout.write(f"true effect, people less machines in logits: {told}")


def effects(told: str) -> dict[str, float]:
    """Raises CommandError."""
    try:
        pairs = (part.split("=") for part in told.split(","))
        return {name.strip(): float(value) for name, value in pairs}
    except ValueError as wrong:
        raise CommandError("Write the effect as coherence=0.4,surprise=-0.3.") from wrong


def works_behind(alias: str) -> list[Work]:
    """What the simulation knows and no visitor does: who made the works of a trial."""
    trial = Trial.objects.select_related("study_work__artwork", "right_work__artwork").get(
        code=alias
    )
    found = [work_of(one) for one in (trial.study_work, trial.right_work) if one]
    close_old_connections()
    return found


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(url: str | None) -> Iterator[str]:
    """The address of a running gallery, or of one that runs while this lasts and knows no limits
    for networks: all its visitors come from here."""
    if url:
        yield url.rstrip("/")
        return
    settings.RATE_LIMITS = False
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
