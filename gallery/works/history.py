"""What was done with a work: written once, each entry bound to the one before it.

An entry holds a SHA-256 over itself and the digest before it, and the whole label and state as they
were afterwards. So an entry that was changed, left out or put in shows, and one cut off at the end
shows because the work is then not as its last entry says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from gallery.constraints import is_known

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from gallery.works.models import Artwork

# What an entry keeps, and how a query finds it from a work.
KEPT = {
    "state": "state",
    "maker": "maker__name",
    "title": "title",
    "year": "year",
    "licence": "licence",
    "credit": "credit",
    "source": "source",
    "consent": "consent",
    "consent_note": "consent_note",
    "framing": "framing",
}
# What an entry means by not telling a line that came later.
UNTOLD = {"consent": "unstated", "consent_note": ""}


class Deed(models.TextChoices):
    CAME = "came", _("came in")
    LABELLED = "labelled", _("label changed")
    FRAMED = "framed", _("turned or cut")
    HUNG = "hung", _("hung")
    DISCARDED = "discarded", _("discarded")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ChangeQuerySet(models.QuerySet["Change"]):
    def record(
        self, artwork: Artwork, deed: str, *, by: User | None = None, reason: str = ""
    ) -> Change:
        """Write down that this was just done, in the transaction that did it.

        `by` is nobody where the program did it by itself. Two at once for one work take turns at
        the row of the work, which both have written.
        """
        last = self.filter(artwork=artwork).order_by("number").last()
        change = Change(
            artwork=artwork,
            number=last.number + 1 if last else 1,
            deed=deed,
            by=by.get_username() if by else "",
            reason=reason,
            after=as_it_is(artwork.pk),
        )
        change.digest = change.computed(last.digest if last else "")
        change.save(force_insert=True)
        return change

    def broken(self) -> Iterator[tuple[str, str]]:
        """(a work's public code, what is wrong with its history), for each work that has one and
        is not as it says; reads one work's entries at a time."""
        works = self.order_by("artwork").values_list("artwork", flat=True).distinct()
        for artwork in works.iterator():
            complaint = _complaint(list(self.filter(artwork=artwork).order_by("number")))
            if complaint:
                yield complaint


class Change(models.Model):
    """One thing that was done with a work. The database refuses to change it."""

    artwork = models.ForeignKey("works.Artwork", models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()  # from 1
    deed = models.CharField(max_length=10, choices=Deed.choices)
    at = models.DateTimeField(default=now, editable=False)
    by = models.CharField(max_length=150, blank=True)  # a name, which stays when the account goes
    reason = models.CharField(max_length=500, blank=True)
    after = models.JSONField()
    digest = models.CharField(max_length=64)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["artwork", "-number"]
        constraints = [
            is_known("deed", Deed),
            models.UniqueConstraint("artwork", "number", name="change_is_numbered_once"),
            models.CheckConstraint(
                condition=~Q(deed=Deed.WITHDRAWN) | ~Q(reason=""),
                name="change_says_why_a_work_was_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.deed}"

    def computed(self, before: str) -> str:
        """The digest that this entry must have after one with the digest `before`."""
        at: datetime = self.at
        said: list[Any] = [self.artwork_id, self.number, self.deed, at.isoformat(), self.by]
        told = json.dumps([*said, self.reason, self.after, before], sort_keys=True)
        return sha256(told.encode()).hexdigest()


def as_it_is(artwork: int) -> dict[str, Any]:
    """A work's label, state and framing now; ready for JSON."""
    works = Change._meta.get_field("artwork").related_model._default_manager
    row = works.filter(pk=artwork).values_list(*KEPT.values()).get()
    return dict(zip(KEPT, row, strict=True))


def _complaint(entries: list[Change]) -> tuple[str, str] | None:
    before = ""
    for place, entry in enumerate(entries, 1):
        if entry.number != place or entry.digest != entry.computed(before):
            return str(entry.artwork.code), f"entry {place} is not as it was written"
        before = entry.digest
    if UNTOLD | entries[-1].after != as_it_is(entries[-1].artwork_id):
        return str(entries[-1].artwork.code), "it is not as its last entry says"
    return None
