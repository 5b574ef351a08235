"""What machines ask of a process. A probe sends a Host that ALLOWED_HOSTS names."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gallery.keeping.health import OK, checks


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Whether it can do anything is another question."""
    return HttpResponse(OK, content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """What a visit needs is there; 503 and which part is not, where one is not."""
    found = checks()
    ready = set(found.values()) == {OK}
    return JsonResponse({"ready": ready, "checks": found}, status=200 if ready else 503)
