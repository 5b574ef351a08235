"""Works that a curator shows together: a name, a sentence about them, and what is in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Count, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from gallery.works.models import Artwork
    from gallery.works.querysets import ArtworkQuerySet


class CollectionQuerySet(models.QuerySet["Collection"]):
    def shown(self, visible: ArtworkQuerySet) -> CollectionQuerySet:
        """Those that hold a work which the reader may see, and how many such works as `count`.

        What is not visible is not counted: that a work which a study holds is in a collection may
        tell who made it.
        """
        seen = Q(placings__artwork__in=visible.order_by().values("pk"))
        return (
            self.annotate(count=Count("placings", filter=seen)).filter(count__gt=0).order_by("name")
        )


class Collection(models.Model):
    """Works in the order in which they were put in. A work may be in several."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    about = models.CharField(_("about"), max_length=1000, blank=True)
    created = models.DateTimeField(default=now, editable=False)
    works: models.ManyToManyField[Artwork, Placing] = models.ManyToManyField(
        "works.Artwork", through="works.Placing", related_name="collections"
    )

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="collection_is_named_once"),
            models.CheckConstraint(condition=~Q(name=""), name="collection_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("collection", args=[self.code])

    def put_in(self, works: Iterable[Artwork]) -> int:
        """Put works in behind those that are in it; how many were not in it before."""
        placed = [Placing(collection=self, artwork=work) for work in works]
        with transaction.atomic():
            before = self.placings.count()
            Placing.objects.bulk_create(placed, ignore_conflicts=True)
            return self.placings.count() - before

    def take_out(self, works: ArtworkQuerySet) -> int:
        """Take works out of it, and nothing else of them; how many were in it."""
        return self.placings.filter(artwork__in=works.order_by().values("pk")).delete()[0]


class PlacingQuerySet(models.QuerySet["Placing"]):
    def glimpses(self, visible: ArtworkQuerySet, each: int) -> PlacingQuerySet:
        """The first visible works of each collection, `each` at most, with their makers."""
        place = Window(RowNumber(), partition_by="collection", order_by=["added", "pk"])
        seen = self.filter(artwork__in=visible.order_by().values("pk")).annotate(place=place)
        first = seen.filter(place__lte=each).order_by("collection", "place")
        return first.select_related("artwork__maker")


class Placing(models.Model):
    """That a work is in a collection, and since when."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="placings")
    artwork = models.ForeignKey("works.Artwork", models.CASCADE, related_name="placings")
    added = models.DateTimeField(default=now, editable=False)

    objects = PlacingQuerySet.as_manager()

    class Meta:
        ordering = ["added", "pk"]
        constraints = [
            models.UniqueConstraint("collection", "artwork", name="placing_is_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.artwork_id} in {self.collection_id}"
