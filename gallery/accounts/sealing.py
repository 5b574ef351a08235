"""Secrets of second factors, sealed before they reach the database.

The secret of an authenticator app and the seed of recovery codes make codes for whoever reads them.
They are encrypted (Fernet: AES-128-CBC and HMAC-SHA256) with a key that HKDF derives from
SECRET_KEY. So a copy of the database alone is of no use: a backup, say, which lacks SECRET_KEY.
Passkeys are public keys and need no sealing. What was stored in the clear is read as it is.

For another SECRET_KEY, put the old one into SECRET_KEY_FALLBACKS, run `manage.py
seal_second_factors`, and take it out again. If the old key is lost, apps and recovery codes are
too: their owners are told so, another admin forgets their second factor on the page of people, and
they set it up again. Passkeys go on working. An admin who is alone makes another one by
`manage.py createsuperuser`.
"""

from __future__ import annotations

import logging
from base64 import urlsafe_b64encode
from functools import cache

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

MARK = "sealed:"  # no base32 secret and no hexadecimal seed begins so
SEALED = ("secret", "seed")  # what an authenticator's data may hold
PURPOSE = b"gallery: secrets of second factors"


class Unreadable(ValidationError):
    """Nobody has the key any more. Forms show it as the sentence that it is, templates nothing."""

    silent_variable_failure = True

    def __init__(self) -> None:
        super().__init__(
            _(
                "The secret key of this gallery is another one than when you set this up, so no "
                "code can be checked. Ask another admin to forget your second factor, sign in by "
                "password, and set it up again."
            )
        )


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return MARK + _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Unreadable."""
        if not encrypted_text.startswith(MARK):
            return encrypted_text
        try:
            return _keys().decrypt(encrypted_text.removeprefix(MARK)).decode()
        except InvalidToken:
            logger.error("A second factor was sealed with another SECRET_KEY; see %s.", __name__)
            raise Unreadable from None


def seal_all() -> tuple[int, int]:
    """Seal everything that is stored with the present key. How many were; how many nobody can
    read, which stay as they are."""
    sealed = unreadable = 0
    adapter = MFAAdapter()
    for pk in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk"):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk[0])
            held = {name: row.data[name] for name in SEALED if name in row.data}
            try:
                opened = {name: adapter.decrypt(text) for name, text in held.items()}
            except Unreadable:
                unreadable += 1
                continue
            row.data |= {name: adapter.encrypt(text) for name, text in opened.items()}
            row.save(update_fields=["data"])
            sealed += 1
    return sealed, unreadable


def _keys() -> MultiFernet:
    """The present key, which seals, and after it those that may still open."""
    return MultiFernet([_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@cache
def _key(secret: str | bytes) -> Fernet:
    raw = secret.encode() if isinstance(secret, str) else secret
    return Fernet(urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(raw)))
