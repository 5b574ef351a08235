"""django-allauth's forms, labelled as everywhere on this site. Settings name them."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext as _

from gallery.works.forms import PlainForm


class SignInForm(PlainForm, account.LoginForm):
    pass


class JoinForm(PlainForm, account.SignupForm):
    pass


class PasswordForm(PlainForm, account.ChangePasswordForm):
    pass


class ConfirmForm(PlainForm, account.ReauthenticateForm):
    pass


class CodeForm(PlainForm, mfa.AuthenticateForm):
    pass


class ConfirmByCodeForm(PlainForm, mfa.ReauthenticateForm):
    pass


class AppForm(PlainForm, ActivateTOTPForm):
    pass


class PasskeyForm(PlainForm, AddWebAuthnForm):
    """Offers first what most people mean by a passkey: it is enough by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("Sign in with it alone, without the password"), True
        alone.help_text = _("It then asks for your finger, face or PIN.")


class RenameForm(PlainForm, EditWebAuthnForm):
    pass
