"""Addresses of this app."""

from django.urls import path

from gallery.works import (
    bringing_in,
    collection_rooms,
    downloads,
    drawing_room,
    hanging_room,
    sheet_room,
    views,
)
from gallery.works.models import Kind

urlpatterns = [
    path("works/", views.works, name="works"),
    path("works/<uuid:code>/", views.work, name="work"),
    path("works/<uuid:code>/picture/", views.picture, {"kind": Kind.DISPLAY}, name="work-picture"),
    path("works/<uuid:code>/thumb/", views.picture, {"kind": Kind.THUMB}, name="work-thumb"),
    path("works/<uuid:code>/download/", downloads.download, name="work-download"),
    path("collections/", collection_rooms.collections, name="collections"),
    path("collections/<uuid:code>/", collection_rooms.collection, name="collection"),
    path("hanging/", hanging_room.hanging, name="hanging"),
    path("hanging/collections/", collection_rooms.kept, name="collections-kept"),
    path("hanging/collections/<uuid:code>/", collection_rooms.edit, name="collection-edit"),
    path("hanging/collections/<uuid:code>/drop/", collection_rooms.drop, name="collection-drop"),
    path("hanging/place/", collection_rooms.place, name="works-place"),
    path("hanging/new/", bringing_in.new, name="work-new"),
    path("hanging/many/", bringing_in.many, name="works-many"),
    path("hanging/many/here/", bringing_in.here, name="works-here"),
    path("hanging/draw/", drawing_room.draw, name="work-draw"),
    path("hanging/labels.csv", sheet_room.sheet, name="labels-sheet"),
    path("hanging/labels.ods", sheet_room.spreadsheet, name="labels-ods"),
    path("hanging/labels/", sheet_room.bring_back, name="labels"),
    path("hanging/selected/", hanging_room.selected, name="works-selected"),
    path("hanging/<uuid:code>/", hanging_room.preview, name="work-preview"),
    path("hanging/<uuid:code>/blind/", hanging_room.blind, name="work-blind"),
    path("hanging/<uuid:code>/hang/", hanging_room.hang, name="work-hang"),
    path("hanging/<uuid:code>/discard/", hanging_room.discard, name="work-discard"),
    path("hanging/<uuid:code>/withdraw/", hanging_room.take_down, name="work-withdraw"),
    path("hanging/<uuid:code>/framing/", hanging_room.framing, name="work-framing"),
    path("hanging/<uuid:code>/label/", hanging_room.label, name="work-label"),
]
