"""What a leaky server serves."""

from gallery.asgi import application as gallery
from tests.blindness.leaky import talkative

application = talkative(gallery)
