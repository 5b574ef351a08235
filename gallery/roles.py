"""The two roles that sign in: curators hang works, admins commission machines and open studies.

A curator is a member of the group; an admin is staff and may do all that a curator may.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

CURATORS = "curators"

View = Callable[..., HttpResponseBase]


def is_admin(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, User) and user.is_active and user.is_staff


def is_curator(user: AbstractBaseUser | AnonymousUser) -> bool:
    """True for admins too."""
    if is_admin(user):
        return True
    return isinstance(user, User) and user.is_active and user.groups.filter(name=CURATORS).exists()


def _required(test: Callable[[AbstractBaseUser | AnonymousUser], bool]) -> Callable[[View], View]:
    """Send strangers to the sign-in page, and members without the role to a clear refusal."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if test(request.user):
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                # What a form had sent is gone by then, so its address would only refuse.
                came_to_look = request.method in ("GET", "HEAD")
                return redirect_to_login(request.get_full_path() if came_to_look else "/")
            raise PermissionDenied

        return guarded

    return decorate


admin_required = _required(is_admin)
curator_required = _required(is_curator)


def roles(request: HttpRequest) -> dict[str, bool]:
    """For templates: what the navigation may offer this person."""
    signed_in = request.user.is_authenticated
    return {
        "is_admin": signed_in and is_admin(request.user),
        "is_curator": signed_in and is_curator(request.user),
    }
