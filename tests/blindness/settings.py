"""The gallery's settings with the leaks of `tests.blindness.leaky` within reach."""

from gallery.settings import *  # noqa: F403 - the whole of them
from gallery.settings import MIDDLEWARE as OWN

MIDDLEWARE = ["tests.blindness.leaky.LeakMiddleware", *OWN]
