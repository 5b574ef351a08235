"""The whole site in one process: HTTP, websockets and, by default, the worker that paints."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")
get_asgi_application()  # loads the apps, which the imports below need

from a2wsgi import WSGIMiddleware
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings

from gallery.bodies import WholeBodies
from gallery.limits import ROOM_FOR_FIELDS
from gallery.runs.lifespan import Lifespan
from gallery.runs.urls import websocket_urlpatterns
from gallery.wsgi import application as wsgi_application

# Few threads: SQLite has one writer, and a short queue here beats a long one at its lock.
HTTP_THREADS = 4
# Chunks of an answer that may wait for a slow reader before they hold up a thread.
ANSWER_CHUNKS = 512
BODY_SECONDS = 300.0

# a2wsgi spells the WSGI types out; Django's handler is one all the same.
http = WSGIMiddleware(
    wsgi_application,  # type: ignore[arg-type]
    workers=HTTP_THREADS,
    send_queue_size=ANSWER_CHUNKS,
)

application = ProtocolTypeRouter(
    {
        "http": WholeBodies(
            http, limit=settings.UPLOAD_LIMIT_BYTES + ROOM_FOR_FIELDS, seconds=BODY_SECONDS
        ),
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
        ),
        "lifespan": Lifespan(),
    }
)
