"""Addresses of this app."""

from django.urls import path

from gallery.museums import views

urlpatterns = [
    path("hanging/import/", views.museums, name="museums"),
    path("hanging/import/take/", views.take, name="museums-take"),
    path("hanging/import/thumb/<slug:name>/", views.thumb, name="museums-thumb"),
]
