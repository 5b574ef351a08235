"""Addresses of this app: people, and what a gallery without e-mail needs of django-allauth."""

from allauth.account import views as account
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import include, path, reverse_lazy

from gallery.accounts import people
from gallery.accounts.second_factor import AddPasskey, SetUpApp, proof_first

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("join/", account.signup, name="account_signup"),
    path("join/<str:secret>/", people.invitation, name="invitation"),
    path("account/totp/activate/", SetUpApp.as_view(), name="mfa_activate_totp"),
    path("account/webauthn/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/", include("allauth.mfa.urls")),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", proof_first(account.password_change), name="account_change_password"),
    path(
        "account/password/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(
            template_name="accounts/new_password.html", success_url=reverse_lazy("account_login")
        ),
        name="new-password",
    ),
    path("people/", people.people, name="people"),
    path("people/invitations/<int:pk>/withdraw/", people.withdraw, name="invitation-withdraw"),
    path("people/<str:name>/standing/", people.standing, name="person-standing"),
    path("people/<str:name>/password/", people.new_password, name="person-password"),
    path("people/<str:name>/forget/", people.forget, name="person-forget"),
]
