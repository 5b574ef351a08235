"""Where whoever has a call's link draws for it, without an account.

The link's secret stays in the address, so that it can be kept and passed on within a class. No
page here leads to another site, and the Referrer-Policy names none of these addresses to one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gallery.calls.forms import ContributionForm, sentence
from gallery.calls.models import Call, Contribution
from gallery.calls.services import Over, contribute
from gallery.studies.limits import Limit, is_over
from gallery.works.drawing_room import SHEET
from gallery.works.ingest import Busy, IngestRefused
from gallery.works.models import Kind, Rendition
from gallery.works.services import AlreadyHere
from gallery.works.views import served

if TYPE_CHECKING:
    from gallery.http import HtmxRequest

SENDINGS = Limit(60, 600)  # two school classes in ten minutes
SENT = "sent for calls"  # in the session: by call the last work sent, and the name given for it

View = Callable[..., HttpResponse]


def _of_link(view: View) -> View:
    """Find the call of a link; keep search engines out, and the link out of the log, where Django
    would write down the address of whatever is refused."""

    @wraps(view)
    def found(request: HtmxRequest, secret: str) -> HttpResponse:
        call = get_object_or_404(Call.objects.of_link(secret))
        response = view(request, secret, call)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response._has_been_logged = True  # type: ignore[attr-defined]  # see django.utils.log
        return response

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@_of_link
def draw(request: HtmxRequest, secret: str, call: Call) -> HttpResponse:
    """The sheet of paper for one call. What cannot be sent stays on the sheet."""
    if request.method != "POST":
        if not call.is_open:
            return _over(request, call, secret)
        return _sheet(request, call, ContributionForm(call, initial=_before(request, call)))
    form = ContributionForm(call, request.POST)
    status = 422
    if not call.is_open:
        status = _refuse(form, Over())
    elif is_over(request, "drawings", SENDINGS):
        form.add_error(None, _("Many drawings come from your network now. Send yours again soon."))
        status = 429
    elif form.is_valid():
        try:
            _send(request, call, form)
            return redirect("call-thanks", secret)
        except (Over, AlreadyHere, IngestRefused) as refused:
            status = _refuse(form, refused)
    return _sheet(request, call, form, status)


def _sheet(
    request: HtmxRequest, call: Call, form: ContributionForm, status: int = 200
) -> HttpResponse:
    context = {"call": call, "form": form} | SHEET
    return render(request, "calls/draw.html", context, status=status)


def _send(request: HtmxRequest, call: Call, form: ContributionForm) -> None:
    """Take the drawing in, and let this browser see it again."""
    given, mine = form.cleaned_data["maker"], _mine(request, call)
    same = mine if _before(request, call).get("maker") == given else None
    made = contribute(call, form.cleaned_data["strokes"], given, sentence(call), mine=same)
    sent = request.session.get(SENT, {})
    request.session[SENT] = sent | {str(call.code): [str(made.artwork.code), given]}


def _refuse(form: ContributionForm, refused: Exception) -> int:
    """Say why at the form; the status to say it with."""
    if isinstance(refused, Over):
        form.add_error(None, _("This call takes no more drawings. Yours was not sent."))
        return 410
    if isinstance(refused, AlreadyHere):  # whose work it is like is nobody's business here
        form.add_error(None, _("Exactly this drawing has been sent already. Draw on, or leave it."))
        return 422
    form.add_error(None, str(refused))
    return 503 if isinstance(refused, Busy) else 422


def _over(request: HtmxRequest, call: Call, secret: str) -> HttpResponse:
    if call.is_closed:
        why = _("Whoever sent you the link has closed it.")
    elif call.is_full:
        why = _("It has as many drawings as it asked for.")
    else:
        why = _("Its last day has passed.")
    context = {"title": _("This call takes no more drawings"), "message": why}
    if _mine(request, call):
        context |= {"next_url": f"/draw/{secret}/thanks/", "next_label": _("See your drawing")}
    return render(request, "refused.html", context, status=410)


@require_safe
@_of_link
def thanks(request: HtmxRequest, secret: str, call: Call) -> HttpResponse:
    """What this browser sent last; whoever sent nothing is led to the sheet."""
    if not _mine(request, call):
        return redirect("call", secret)
    return render(request, "calls/thanks.html", {"call": call, "secret": secret})


@require_safe
@_of_link
def picture(request: HtmxRequest, secret: str, call: Call) -> HttpResponse:
    """The drawing that this browser sent last, and nobody else's."""
    mine = _mine(request, call)
    if mine is None:
        raise Http404
    own = Rendition.objects.filter(artwork__in=[mine.artwork_id], kind=Kind.DISPLAY)
    response = served(get_object_or_404(own))
    response["Cache-Control"] = "no-store"  # another one stands at this address after the next
    return response


def _mine(request: HtmxRequest, call: Call) -> Contribution | None:
    """What this browser sent last for this call."""
    code, _name = request.session.get(SENT, {}).get(str(call.code), (None, ""))
    sent = call.contributions.filter(artwork__code=code) if code else call.contributions.none()
    return sent.select_related("artwork__maker").first()


def _before(request: HtmxRequest, call: Call) -> dict[str, str]:
    """What this browser said of itself when it last sent something for this call."""
    _code, name = request.session.get(SENT, {}).get(str(call.code), ("", ""))
    return {"maker": name} if name else {}
