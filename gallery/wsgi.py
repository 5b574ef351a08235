"""Plain HTTP: behind the bridge in `gallery.asgi`, or under gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from gallery.forwarded import Forwarded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")
application = Forwarded(
    get_wsgi_application(), os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
)
