"""The two roles that sign in: curators hang works, admins commission machines and open studies.

A curator is a member of the group; an admin is staff and may do all that a curator may. Staff
without a second way to prove who they are do not count as admins until they have set one up, and
then only in sessions in which they have shown it: one that was opened by the password alone,
before, is asked for it first.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Min
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

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


def administers(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether a session in which they prove it is an admin's."""
    return _is_staff(user) and has_second_factor(user)


def curates(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody is one of those who see whose works these are; true of admins too."""
    return _is_of_the_group(user) or administers(user)


def is_admin(request: HttpRequest) -> bool:
    """Whether this session is an admin's: an account's other sessions may be anybody's who knows
    its password."""
    user = _who(request)
    return _is_staff(user) and has_proved_it(request)


def is_curator(request: HttpRequest) -> bool:
    """True for admins too."""
    return is_admin(request) or _is_of_the_group(_who(request))


def has_proved_it(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session since the account has one without a break.

    Recovery codes count. One shown before the oldest factor of today was set up does not: it was
    of a device that has been lost.
    """
    user = _who(request)
    since = Authenticator.objects.filter(user=user.pk, type__in=SECOND_FACTORS).aggregate(
        first=Min("created_at")
    )["first"]
    return since is not None and any(
        record["method"] == "mfa" and record["at"] >= since.timestamp()
        for record in get_authentication_records(request, user)
    )


def owes_proof(request: HttpRequest) -> bool:
    """Whether this session began by the password alone, and the account has a second factor."""
    user = _who(request)
    return has_second_factor(user) and not has_proved_it(request)


def ask_for_proof(request: HttpRequest) -> HttpResponseBase:
    """To where the second factor is asked for, and back again."""
    came_to_look = request.method in ("GET", "HEAD")
    back = urlencode({"next": request.get_full_path() if came_to_look else "/"})
    return redirect(f"{reverse('account_reauthenticate')}?{back}")


def _who(request: HttpRequest) -> User | AnonymousUser:
    """Nobody yet where a request is refused early."""
    return getattr(request, "user", AnonymousUser())


def _is_of_the_group(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, User) and user.is_active and user.groups.filter(name=CURATORS).exists()


def _required(test: Callable[[HttpRequest], bool]) -> Callable[[View], View]:
    """Send strangers to the sign-in page, and members without the role to a clear refusal."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if test(request):
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                # What a form had sent is gone by then, so its address would only refuse.
                came_to_look = request.method in ("GET", "HEAD")
                return redirect_to_login(request.get_full_path() if came_to_look else "/")
            if lacks_second_factor(request.user):
                return redirect("mfa_index")
            if _is_staff(request.user):
                return ask_for_proof(request)
            raise PermissionDenied

        return guarded

    return decorate


admin_required = _required(is_admin)
curator_required = _required(is_curator)


def roles(request: HttpRequest) -> dict[str, bool]:
    """For templates: what the navigation may offer this person, and what it must ask of them."""
    user = _who(request)
    admin = is_admin(request)
    lacks = not admin and lacks_second_factor(user)
    return {
        "is_admin": admin,
        "is_curator": admin or _is_of_the_group(user),
        "lacks_second_factor": lacks,
        "must_prove_it": _is_staff(user) and not admin and not lacks,
    }
