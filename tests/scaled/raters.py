"""Visitors who rate without end, and send an answer again that was not acknowledged."""

from __future__ import annotations

import re
import threading
import time
from http.client import HTTPException

from tests.studies.browsers import CURRENT, Browser

TRIAL = re.compile(r"/trials/([0-9a-f-]{36})/answer/")
MARKS = {"coherence": 2, "surprise": 6}


class Rater(threading.Thread):
    """Answers thrice a second until `done`. `acknowledged` are the trials whose answer was taken,
    `refused` the statuses of tries that were not, 0 for a connection that broke."""

    def __init__(self, url: str, slug: str) -> None:
        super().__init__(daemon=True)
        self.url, self.slug = url, slug
        self.done = threading.Event()
        self.acknowledged: list[str] = []
        self.refused: list[int] = []

    def run(self) -> None:
        visitor, address = Browser(self.url), ""
        while not self.done.wait(0.3):
            try:
                if not TRIAL.match(address):
                    visitor = Browser(self.url)
                    address = visitor.sit_down(self.slug)
                status, page = visitor.post(address, MARKS, htmx=True)
            except (OSError, HTTPException, AssertionError):
                status, page = 0, ""
            if status != 200:
                self.refused.append(status)
                continue
            answered = TRIAL.match(address)
            assert answered
            self.acknowledged.append(answered[1])
            found = CURRENT.search(page)
            address = found[1] if found else ""

    def answers_again(self, seconds: float = 20.0) -> None:
        """Wait until an answer more was taken."""
        before, end = len(self.acknowledged), time.monotonic() + seconds
        while len(self.acknowledged) == before:
            assert time.monotonic() < end, self.refused[-3:]
            time.sleep(0.05)
