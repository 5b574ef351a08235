"""Visitors for tests: they consent, rate, guess, and see what a browser would see."""

from __future__ import annotations

import re

from django.test import Client

from gallery.studies.models import Rater, Study, Trial

HTMX = {"HX-Request": "true"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w{64}"')
SPELLED = re.compile(r"[2-9B-Z]{4}-[2-9B-Z]{4}-[2-9B-Z]{4}")


def sit_down(study: Study, client: Client | None = None) -> tuple[Client, Rater]:
    """A visitor who has just agreed."""
    client = client or Client()
    response = client.post(f"/studies/{study.slug}/begin/")
    assert response.status_code == 302, response.content
    assert response.headers["Location"] == f"/studies/{study.slug}/sitting/"
    return client, Rater.objects.filter(study=study).latest("pk")


def shown(page: str) -> Trial:
    """The trial that a page of the sitting shows."""
    found = re.search(r'action="/trials/([0-9a-f-]{36})/(answer|guess)/"', page)
    assert found, page
    return Trial.objects.get(code=found[1])


def rate_all(client: Client, rater: Rater, *, coherence: int = 4, surprise: int = 4) -> None:
    for trial in rater.trials.unanswered():
        marks = {"coherence": coherence, "surprise": surprise}
        assert client.post(f"/trials/{trial.code}/answer/", marks).status_code == 302


def guess_all(client: Client, rater: Rater, *, guess: int = 5) -> None:
    for trial in rater.trials.unguessed():
        response = client.post(f"/trials/{trial.code}/guess/", {"guess": guess})
        assert response.status_code == 302


def finish(client: Client, rater: Rater) -> None:
    rate_all(client, rater)
    guess_all(client, rater)
    rater.refresh_from_db()
    assert rater.revealed_at


def without_names(page: str) -> str:
    """The page with what differs between any two visitors taken out: aliases, tokens, codes."""
    return SPELLED.sub("CODE", TOKEN.sub("TOKEN", UUID.sub("ALIAS", page)))
