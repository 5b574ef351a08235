"""The other side: the same views, served as Django's own ASGI handler serves them."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")
application = get_asgi_application()
