"""The page on which labels go out as a spreadsheet and come back."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from gallery.roles import curator_required
from gallery.works.forms import PlainForm
from gallery.works.models import Artwork, State
from gallery.works.ods import MIMETYPE
from gallery.works.querysets import ArtworkQuerySet
from gallery.works.services import NotNow, relabel
from gallery.works.sheet import Row, SheetRefused, text_of, tried, write_ods, written

if TYPE_CHECKING:
    from gallery.http import HtmxRequest


class SheetForm(PlainForm):
    """A file to try, or the words of one that was tried."""

    file = forms.FileField(
        label=gettext_lazy("Sheet"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": f".csv,text/csv,.ods,{MIMETYPE}"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    rows: list[Row]

    def __init__(self, visible: ArtworkQuerySet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visible = visible

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        try:
            values["text"] = (
                text_of(values["file"].read()) if values.get("file") else values["text"]
            )
            self.rows = tried(values["text"], self.visible)
        except SheetRefused as refused:
            self.add_error("file", str(refused))
        return values


@require_safe
@curator_required
def sheet(request: HtmxRequest) -> StreamingHttpResponse:
    """The labels of one state's works, to be taken along."""
    rows = written(_works(request))
    headers = {"Content-Disposition": 'attachment; filename="labels.csv"'}
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@curator_required
def spreadsheet(request: HtmxRequest) -> FileResponse:
    """The same as an OpenDocument spreadsheet."""
    file = TemporaryFile()  # noqa: SIM115  the response closes it, which deletes it
    write_ods(_works(request), file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="labels.ods", content_type=MIMETYPE)


def _works(request: HtmxRequest) -> Iterator[Artwork]:
    state = request.GET.get("state")
    works = Artwork.objects.visible_to(request.user)
    works = works.filter(state=state if state in State else State.CANDIDATE)
    return works.select_related("maker").order_by("pk").iterator(500)


@require_http_methods(["GET", "HEAD", "POST"])
@curator_required
def bring_back(request: HtmxRequest) -> HttpResponse:
    """Try a sheet, then do what it says: never one without the other."""
    sent = request.method == "POST"
    visible = Artwork.objects.visible_to(request.user)
    form = SheetForm(visible, request.POST, request.FILES) if sent else SheetForm(visible)
    if form.is_valid() and "do" in request.POST:
        _do(request, form.rows)
        return redirect("hanging")
    context: dict[str, Any] = {"form": form, "states": State.choices}
    if sent and not form.errors:
        rows = [row for row in form.rows if row.changes or row.problem]
        context |= {"rows": rows, "unchanged": len(form.rows) - len(rows)}
        context["text"] = form.cleaned_data["text"]
        context["can_do"] = any(row.changes and not row.problem for row in rows)
    return render(request, "works/sheet.html", context, status=422 if form.errors else 200)


def _do(request: HtmxRequest, rows: list[Row]) -> None:
    done = 0
    for row in rows:
        if row.artwork and row.changes and not row.problem:
            new = {line: after for line, (_before, after) in row.changes.items()}
            try:
                done += relabel(row.artwork, new, by=cast(User, request.user))
            except NotNow as refused:
                messages.warning(request, str(refused))
    said = ngettext("%(done)d label was changed.", "%(done)d labels were changed.", done)
    messages.info(request, said % {"done": done})
