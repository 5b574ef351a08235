"""How works are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.db.models import Prefetch, Q
from django.db.models.functions import Coalesce

from gallery.roles import curates
from gallery.works.blinding import WORKING
from gallery.works.consent import LETS_HANG

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from gallery.works.collections import Collection
    from gallery.works.models import Artwork, Measures


class ArtworkQuerySet(models.QuerySet["Artwork"]):
    """Reads that say in their name who may see what. Views begin with `visible_to`."""

    def visible_to(
        self, user: AbstractBaseUser | AnonymousUser | None, raters: Iterable[int] = ()
    ) -> ArtworkQuerySet:
        """Works that somebody may see beside their labels: curators and admins all of them,
        everyone else what is signed for them as `raters`.

        No user is the public, and so is everybody in the public rooms: a curator who walks through
        them sees what visitors see. Whether the session has shown what its user must show is asked
        at the door of a room, and is not asked here.
        """
        if user is not None and curates(user):
            return self.all()
        return self.signed_for(raters)

    def candidates(self) -> ArtworkQuerySet:
        return self.filter(state="candidate")

    def hung(self) -> ArtworkQuerySet:
        return self.filter(state="hung")

    def hung_or_ready(self) -> ArtworkQuerySet:
        """What hangs, and candidates whose licence and artist let them hang."""
        ready = Q(state="candidate") & ~Q(licence="") & LETS_HANG
        return self.filter(Q(state="hung") | ready)

    def artists_works(self) -> ArtworkQuerySet:
        """Works that a person or a machine made as such: no noise, no plain field, no control."""
        return self.exclude(source_class__in=["noise", "plain", "control"])

    def as_sharp_as_any(self) -> ArtworkQuerySet:
        """Texts, and pictures that a blind rendition need not enlarge: smaller ones stay soft, and
        softness tells who made them."""
        return self.exclude(medium="image", width__lt=WORKING, height__lt=WORKING)

    def noise(self) -> ArtworkQuerySet:
        """The end of the scale where nothing holds together."""
        return self.filter(source_class="noise")

    def plain(self) -> ArtworkQuerySet:
        """The end of the scale where nothing surprises."""
        return self.filter(source_class="plain")

    def by_people(self) -> ArtworkQuerySet:
        return self.filter(origin="human")

    def by_machines(self) -> ArtworkQuerySet:
        return self.filter(origin="machine")

    def lately_decided(self) -> ArtworkQuerySet:
        """Hung and discarded works, newest first; of a discarded one only its arrival is known."""
        decided = self.exclude(state="candidate")
        return decided.order_by(Coalesce("hung_at", "created").desc(), "-pk")

    def of_run(self, code: str) -> ArtworkQuerySet:
        """The works that one run made, whatever became of them."""
        return self.by_machines().filter(recipe__run=code)

    def made_from(self, artwork: Artwork) -> ArtworkQuerySet:
        """The works of runs that started from this one, in whatever role. Runs are reached by the
        names of their reverse relations only: works know nothing of runs."""
        offspring = self.model._default_manager.filter(output__run__inputs__artwork=artwork)
        return self.filter(pk__in=offspring.values("pk"))

    def asked_about(self) -> ArtworkQuerySet:
        """Works that an open study shows. Studies are reached by the names of their reverse
        relations only: works know nothing of studies."""
        shown = self.model._default_manager.filter(
            study_works__study__state="open", study_works__study__simulated=False
        )
        return self.filter(pk__in=shown.values("pk"))

    def sealed(self) -> ArtworkQuerySet:
        """Works whose maker, title and year a study has sealed as it began."""
        shown = self.model._default_manager.filter(study_works__study__state__in=["open", "closed"])
        return self.filter(pk__in=shown.values("pk"))

    def named(self, words: str) -> ArtworkQuerySet:
        """Works with each of these words in the title or the maker's name, in whatever case."""
        found = self
        for word in words.split():
            found = found.filter(Q(title__icontains=word) | Q(maker__name__icontains=word))
        return found

    def in_order_of(self, collection: Collection) -> ArtworkQuerySet:
        """Those that are in a collection, as they were put in."""
        return self.filter(placings__collection=collection).order_by(
            "placings__added", "placings__pk"
        )

    def unmeasured(self, version: int) -> ArtworkQuerySet:
        """Hung works without measures of this version, in the order in which they were hung: a
        work is compared with all that hung before it."""
        measured = Q(measures__version=version)
        return self.hung().exclude(measured).order_by("hung_at", "pk")

    def hung_before(self, artwork: Artwork) -> ArtworkQuerySet:
        """Works of the same medium that hung here before a hung work did, the oldest first."""
        before = Q(hung_at__lt=artwork.hung_at) | Q(hung_at=artwork.hung_at, pk__lt=artwork.pk)
        return self.hung().filter(before, medium=artwork.medium).order_by("hung_at", "pk")

    def qualities_of_uploads(self) -> list[int]:
        """The JPEG quality (1-100) of each of people's works that came as a JPEG."""
        known = self.by_people().filter(jpeg_quality__isnull=False).order_by()
        return [quality for quality in known.values_list("jpeg_quality", flat=True) if quality]

    def signed_for(self, raters: Iterable[int]) -> ArtworkQuerySet:
        """Hung works whose label this visitor may read.

        A work that an open study rates, or has as an anchor, is unsigned for everyone, save for a
        visitor who, as one of `raters` (primary keys), rated it and has had the reveal, and who
        has no sitting under way as another of them that shows it. Simulated studies hold nothing,
        and their end reveals nothing that a real one holds.
        Studies are reached by the names of their reverse relations only: works know nothing of
        studies.
        """
        works = self.model._default_manager
        held = works.filter(
            study_works__study__state="open",
            study_works__study__simulated=False,
            study_works__role__in=["rated", "noise", "plain"],
        )
        mine = list(raters)
        known, shown = Q(pk__in=()), Q(pk__in=())
        for trials in ("study_works__trials__", "study_works__trials_at_right__"):
            revealed = works.filter(
                **{
                    f"{trials}rater__in": mine,
                    f"{trials}rater__revealed_at__isnull": False,
                    f"{trials}rater__study__simulated": False,
                    f"{trials}answered_at__isnull": False,
                    f"{trials}skip_reason": "",
                }
            )
            under_way = works.filter(
                **{
                    f"{trials}rater__in": mine,
                    f"{trials}rater__revealed_at": None,
                    f"{trials}rater__study__state": "open",
                }
            )
            known |= Q(pk__in=revealed.values("pk"))
            shown |= Q(pk__in=under_way.values("pk"))
        return self.hung().filter(~Q(pk__in=held.values("pk")) | known & ~shown)

    def with_labels(self) -> ArtworkQuerySet:
        """With makers and renditions fetched, so that a wall of works costs three queries."""
        return self.select_related("maker").prefetch_related(
            Prefetch("renditions", to_attr="all_renditions")
        )


class MeasuresQuerySet(models.QuerySet["Measures"]):
    """What was measured."""

    def newest(self) -> MeasuresQuerySet:
        """The newest version first."""
        return self.order_by("-version")

    def keep(self, measures: Measures) -> None:
        """Store what was measured, unless another worker was quicker: it measured the same.

        Raises IntegrityError for measures that make no sense.
        """
        try:
            with transaction.atomic():
                measures.save(force_insert=True)
        except IntegrityError:
            if not self.filter(artwork=measures.artwork, version=measures.version).exists():
                raise
