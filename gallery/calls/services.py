"""Making a call, and taking in what is drawn for it."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from gallery.calls.models import Call, Contribution
from gallery.works.consent import Consent
from gallery.works.drawing import Strokes
from gallery.works.ingest import abandon
from gallery.works.models import Maker, Origin
from gallery.works.services import Label, prepare_drawing, record_drawing


class Over(Exception):
    """The call takes no more drawings."""


def make_call(*, by: User | None, **said: Any) -> tuple[Call, str]:
    """A call, and the path of its link, which nobody can find out later."""
    call = Call(made_by=by, **said)
    secret = call.draw_secret()
    call.save(force_insert=True)
    return call, reverse("call", args=[secret])


def new_link(call: Call) -> str:
    """The path of another link in place of the old one; a closed call is open again by it."""
    secret = call.draw_secret()
    call.save(update_fields=["digest", "closed_at"])
    return reverse("call", args=[secret])


def contribute(
    call: Call, drawing: Strokes, name: str, agreed_to: str, *, mine: Contribution | None = None
) -> Contribution:
    """Take a drawing in as a candidate, with the consent that came with it, or nothing at all.

    `mine` is what the same browser sent before: by the same name it is the same maker's. Raises
    Over, AlreadyHere, IngestRefused, or Busy. Takes up to half a minute.
    """
    prepared = prepare_drawing(drawing)
    try:
        with transaction.atomic():
            if not call.take_place():
                raise Over
            known = mine.artwork.maker.name if mine else _unused(name)
            label = Label(
                maker=known,
                title="",
                year=str(localdate().year),
                licence=call.licence,
                credit=call.credit,
                source="",
                consent=Consent.GIVEN,
                consent_note=gettext("With a tick, as it was drawn here."),
            )
            artwork = record_drawing(prepared, drawing, label, call.brief)
            return Contribution.objects.create(call=call, artwork=artwork, agreed_to=agreed_to)
    except BaseException:
        abandon(prepared)
        raise


def _unused(name: str) -> str:
    """This name, or with the first number behind it that nobody here has, now a maker's.

    Whoever draws may take any name; a painter's works must not become theirs by it.
    """
    for number in count(1):
        told_apart = name if number == 1 else f"{name} ({number})"
        try:
            with transaction.atomic():
                Maker.objects.create(name=told_apart, origin=Origin.HUMAN)
        except IntegrityError:
            continue
        return told_apart
    raise AssertionError("numbers have no end")
