"""Links that open something for whoever has them. Of a link's secret only a hash is kept, so that a
copy of the database opens nothing."""

import hashlib
import secrets


def draw_secret() -> str:
    """Nobody guesses it; it may stand in an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of it: 64 hexadecimal digits. It needs no salt, as no two are alike."""
    return hashlib.sha256(secret.encode()).hexdigest()
