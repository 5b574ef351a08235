"""Addresses of this app."""

from django.urls import path

from gallery.calls import entrance, room

urlpatterns = [
    path("draw/<str:secret>/", entrance.draw, name="call"),
    path("draw/<str:secret>/thanks/", entrance.thanks, name="call-thanks"),
    path("draw/<str:secret>/drawing/", entrance.picture, name="call-drawing"),
    path("hanging/calls/", room.calls, name="calls"),
    path("hanging/calls/<uuid:code>/", room.drawings, name="call-drawings"),
    path("hanging/calls/<uuid:code>/close/", room.close, name="call-close"),
    path("hanging/calls/<uuid:code>/link/", room.link, name="call-link"),
]
