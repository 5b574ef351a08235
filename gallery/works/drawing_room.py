"""A sheet of paper in the browser: works by people under the same brief as a machine's."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from gallery.roles import curator_required
from gallery.works.consent import Consent
from gallery.works.drawing import PAPER, SIDE, Strokes, TooMuchInk, strokes_of
from gallery.works.fields import LabelField, column
from gallery.works.forms import USUAL_LICENCES, LabelForm, PlainForm
from gallery.works.ingest import Busy, IngestRefused
from gallery.works.models import Drawing
from gallery.works.services import AlreadyHere, Label, take_in_drawing

if TYPE_CHECKING:
    from gallery.http import HtmxRequest


SHEET = {"side": SIDE, "paper": PAPER}  # what works/easel.html asks for


class SheetForm(PlainForm):
    """What was drawn on the sheet of paper. A refused form brings it back."""

    strokes = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": _("Draw something first.")}
    )

    def clean_strokes(self) -> Strokes:
        try:
            return strokes_of(self.cleaned_data["strokes"])
        except TooMuchInk:
            raise forms.ValidationError(
                _("This drawing goes over its paper too often. Take some of the last strokes back.")
            ) from None
        except ValueError:
            raise forms.ValidationError(
                _("This drawing cannot be read, or has more than 2,000 strokes.")
            ) from None


class DrawingForm(SheetForm, LabelForm):
    """A drawing and its label."""

    brief = LabelField(
        column(Drawing, "brief"),
        label=_("Brief"),
        required=False,
        help_text=_("What was asked for, if anything: the same words that a machine was given."),
    )
    agreed = forms.BooleanField(
        label=_("Whoever drew this agrees that it hangs here"),
        required=False,
        help_text=_("Without it the drawing is taken in, and waits for their consent."),
    )
    field_order = ["brief", "maker", "title", "year", "licence", "credit", "source", "agreed"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licence"].required = True
        for line in ("consent", "consent_note"):
            del self.fields[line]

    def label(self) -> Label:
        """Whoever draws here lives, and is at hand to be asked."""
        agreed = self.cleaned_data["agreed"]
        self.cleaned_data |= {
            "consent": Consent.GIVEN if agreed else Consent.AWAITED,
            "consent_note": gettext("With a tick, as it was drawn here.") if agreed else "",
        }
        return super().label()


@require_http_methods(["GET", "HEAD", "POST"])
@curator_required
def draw(request: HtmxRequest) -> HttpResponse:
    """Draw a work, and take it in as any other."""
    form = DrawingForm(request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if form.is_valid():
        values, by = form.cleaned_data, cast(User, request.user)
        try:
            artwork = take_in_drawing(values["strokes"], form.label(), values["brief"], added_by=by)
            return redirect("work-preview", artwork.code)
        except (IngestRefused, AlreadyHere) as refused:
            form.add_error(None, str(refused))
            status = 503 if isinstance(refused, Busy) else 422
    context = {"form": form, "licences": USUAL_LICENCES} | SHEET
    return render(request, "works/draw.html", context, status=status)
