"""Where a message waits for the next page: in a cookie that is named as all are, or, if it is too
long for one, in the session."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NoticeCookie(CookieStorage):
    """Django has a setting for the name of every cookie but this one."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]  # a class attribute of Django's
        return f"{settings.COOKIE_PREFIX}messages"


class NoticeStorage(FallbackStorage):
    """Django's default, with that cookie."""

    storage_classes = (NoticeCookie, SessionStorage)
