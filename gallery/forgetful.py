"""A cache in Redis that is empty while Redis is away.

What the gallery keeps there it can do without: counts of answers and of tries to sign in. So a
Redis that is away must not refuse an answer; it switches the limits off until it is back.
"""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgetfulRedisCache(RedisCache):
    """Never raises RedisError from what the gallery and allauth call; the others still do."""

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        try:
            return super().add(key, value, timeout, version)
        except RedisError as error:
            _complain(error)
            return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            _complain(error)
            return default

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        try:
            super().set(key, value, timeout, version)
        except RedisError as error:
            _complain(error)

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError as error:
            _complain(error)
            return False

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where there is no such key, also because Redis is away."""
        try:
            return super().incr(key, delta, version)
        except RedisError as error:
            _complain(error)
            raise ValueError("Redis is away.") from error


def _complain(error: RedisError) -> None:
    logger.warning("The cache does not answer: %r", error)
