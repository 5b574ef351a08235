"""The two roles that sign in: curators hang works, admins commission machines and open studies.

A curator is a member of the group; an admin is staff and may do all that a curator may. Staff
without a second way to prove who they are do not count as admins until they have set one up.
"""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

CURATORS = "curators"
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]

View = Callable[..., HttpResponseBase]


def _is_staff(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, User) and user.is_active and user.is_staff


def has_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Recovery codes alone are none: they are what stands in for one."""
    return bool(is_mfa_enabled(user, SECOND_FACTORS))


def with_second_factor() -> set[int]:
    """Primary keys of everyone who has one; one query."""
    proofs = Authenticator.objects.filter(type__in=SECOND_FACTORS)
    return set(proofs.values_list("user_id", flat=True))


def lacks_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """True for who would be an admin if they signed in with more than a password."""
    return _is_staff(user) and not has_second_factor(user)


def is_admin(user: AbstractBaseUser | AnonymousUser) -> bool:
    return _is_staff(user) and has_second_factor(user)


def is_curator(user: AbstractBaseUser | AnonymousUser) -> bool:
    """True for admins too."""
    return is_admin(user) or _is_of_the_group(user)


def _is_of_the_group(user: AbstractBaseUser | AnonymousUser) -> bool:
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
            if lacks_second_factor(request.user):
                return redirect("mfa_index")
            raise PermissionDenied

        return guarded

    return decorate


admin_required = _required(is_admin)
curator_required = _required(is_curator)


def roles(request: HttpRequest) -> dict[str, bool]:
    """For templates: what the navigation may offer this person, and what it must ask of them."""
    user = getattr(request, "user", AnonymousUser())  # none yet where a request is refused early
    admin = is_admin(user)
    return {
        "is_admin": admin,
        "is_curator": admin or _is_of_the_group(user),
        "lacks_second_factor": _is_staff(user) and not admin,
    }
