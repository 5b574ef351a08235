"""The hanging room: where curators decide what hangs, and keep labels right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gallery.roles import curator_required
from gallery.works.collection_forms import PlacingForm
from gallery.works.collections import Collection
from gallery.works.forms import (
    USUAL_LICENCES,
    ChangedLabelForm,
    FramingForm,
    HangForm,
    LabelForm,
    WithdrawalForm,
)
from gallery.works.framing import Framing
from gallery.works.ingest import IngestRefused
from gallery.works.likeness import works_like
from gallery.works.models import Artwork, Kind, Rendition, State
from gallery.works.reframing import reframe
from gallery.works.services import LINES, OF_PEOPLE_ONLY, NotNow, relabel, withdraw
from gallery.works.views import served

if TYPE_CHECKING:
    from gallery.http import HtmxRequest

ON_A_PAGE = 48


@require_safe
@curator_required
def hanging(request: HtmxRequest) -> HttpResponse:
    """The works of one state, those that wait unless another is asked for."""
    state = State(request.GET.get("state", "")) if request.GET.get("state") in State else None
    works = Artwork.objects.visible_to(request.user).filter(state=state or State.CANDIDATE)
    words = request.GET.get("find", "")
    collection = _asked_for(request.GET.get("collection", ""))
    if collection:
        works = works.filter(collections=collection)
    found = works.named(words).select_related("maker").order_by("-created", "-pk")
    context = {
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "state": state or State.CANDIDATE,
        "states": State.choices,
        "find": words,
        "collection": collection,
        "collections": Collection.objects.all(),
        "form": ChangedLabelForm(),
        "placing_form": PlacingForm(initial={"collection": collection}),
        "licences": USUAL_LICENCES,
        "ticked": request.GET.getlist("tick"),
    }
    return render(request, "works/hanging.html", context)


def back_to_the_rows(request: HtmxRequest, ticked: Iterable[str] = ()) -> HttpResponse:
    """To those that were looked at; `ticked` are ticked still, for what was refused."""
    there = {
        "state": request.POST.get("state"),
        "find": request.POST.get("find"),
        "tick": [*ticked],
    }
    asked = urlencode({key: value for key, value in there.items() if value}, doseq=True)
    return redirect(f"{reverse('hanging')}?{asked}" if asked else "hanging")


def _asked_for(code: str) -> Collection | None:
    return Collection.objects.filter(code=code).first() if _is_code(code) else None


@require_safe
@curator_required
def preview(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The work as raters will see it, beside the label that they will not see."""
    return _shown(request, _work(request, code))


def _work(request: HtmxRequest, code: UUID, **narrowed: str) -> Artwork:
    visible = Artwork.objects.visible_to(request.user).select_related("maker")
    return get_object_or_404(visible, code=code, **narrowed)


def _shown(request: HtmxRequest, artwork: Artwork, status: int = 200, **forms: Any) -> HttpResponse:
    label = {line: getattr(artwork, line) for line in LINES} | {"maker": artwork.maker.name}
    context = {
        "artwork": artwork,
        "hang_form": HangForm(artwork),
        "label_form": _label_form(artwork, label),
        "withdrawal_form": WithdrawalForm(),
        "framing_form": FramingForm(Framing.read(artwork.framing)),
        "licences": USUAL_LICENCES,
        "like": works_like(artwork, Artwork.objects.visible_to(request.user)),
        "changes": artwork.changes.order_by("-number"),
    }
    return render(request, "works/preview.html", context | forms, status=status)


def _label_form(artwork: Artwork, values: Mapping[str, Any]) -> LabelForm:
    form = LabelForm(values, auto_id="label_%s")
    if artwork.by_machine:
        for line in OF_PEOPLE_ONLY:
            del form.fields[line]
    form.fields["licence"].required = bool(artwork.licence)
    return form


@require_safe
@curator_required
def blind(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The blind rendition, as it is now: a curator may just have had it made anew."""
    wanted = Rendition.objects.filter(artwork__in=Artwork.objects.visible_to(request.user))
    response = served(get_object_or_404(wanted, artwork__code=code, kind=Kind.BLIND))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@curator_required
def hang(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Hang a candidate; what it lacks needs to be said first."""
    artwork = _work(request, code)
    form = HangForm(artwork, request.POST)
    if not form.is_valid():
        return _shown(request, artwork, 422, hang_form=form)
    done = artwork.hang(**form.cleaned_data, by=cast(User, request.user))
    _report(request, artwork, done=done, said=_("“%(title)s” hangs."))
    return redirect("hanging")


@require_POST
@curator_required
def discard(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Pass a candidate over."""
    artwork = _work(request, code)
    done = artwork.discard(by=cast(User, request.user))
    _report(request, artwork, done=done, said=_("“%(title)s” was passed over."))
    return redirect("hanging")


@require_POST
@curator_required
def take_down(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Withdraw a hung work, for a reason that stays with it."""
    artwork, form = _work(request, code), WithdrawalForm(request.POST)
    if not form.is_valid():
        return _shown(request, artwork, 422, withdrawal_form=form)
    try:
        done = withdraw(artwork, form.cleaned_data["reason"], by=cast(User, request.user))
    except NotNow as refused:
        form.add_error("reason", str(refused))
        return _shown(request, artwork, 409, withdrawal_form=form)
    _report(request, artwork, done=done, said=_("“%(title)s” was withdrawn."))
    return redirect("work-preview", code)


def _report(request: HtmxRequest, artwork: Artwork, *, done: bool, said: str) -> None:
    late = _("“%(title)s” was decided before; nothing has changed.")
    messages.info(request, (said if done else late) % {"title": artwork})


@require_POST
@curator_required
def label(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Change a work's label."""
    artwork = _work(request, code)
    form = _label_form(artwork, request.POST)
    if form.is_valid():
        try:
            relabel(artwork, form.cleaned_data, by=cast(User, request.user))
            return redirect("work-preview", code)
        except NotNow as refused:
            form.add_error(None, str(refused))
    return _shown(request, artwork, 422, label_form=form)


@require_POST
@curator_required
def framing(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Turn and cut a picture."""
    artwork = _work(request, code, medium="image")
    form = FramingForm(Framing.read(artwork.framing), request.POST)
    if form.is_valid():
        try:
            reframe(artwork, form.framing(), by=cast(User, request.user))
            return redirect("work-preview", code)
        except (NotNow, IngestRefused) as refused:
            form.add_error(None, str(refused))
    return _shown(request, artwork, 422, framing_form=form)


@require_POST
@curator_required
def selected(request: HtmxRequest) -> HttpResponse:
    """Do the same with every work that was ticked; say of each one why it could not be done."""
    codes = codes_in(request)
    form, done = ChangedLabelForm(request.POST), 0
    works = Artwork.objects.visible_to(request.user).filter(code__in=codes)
    for work in works.select_related("maker"):
        try:
            done += _did(request.POST.get("deed"), work, form, cast(User, request.user))
        except NotNow as refused:
            messages.warning(request, str(refused))
    for sentences in form.errors.values() if request.POST.get("deed") == "label" else ():
        messages.warning(request, " ".join(map(str, sentences)))
    said = ngettext(
        "%(done)d of %(all)d works was changed.", "%(done)d of %(all)d works were changed.", done
    )
    messages.info(request, said % {"done": done, "all": len(codes)})
    return back_to_the_rows(request, codes if form.errors else ())


def _did(deed: str | None, work: Artwork, form: ChangedLabelForm, by: User) -> bool:
    """Whether anything changed. Raises NotNow."""
    match deed:
        case "hang":
            return work.lacks_nothing and work.hang(by=by)
        case "discard":
            return work.discard(by=by)
        case "label":
            return form.is_valid() and relabel(work, form.changed(), by=by)
    return False


def codes_in(request: HtmxRequest) -> list[str]:
    """Those of the works that were ticked."""
    return [code for code in request.POST.getlist("work") if _is_code(code)]


def _is_code(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
