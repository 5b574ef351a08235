"""Addresses of this app, spelled as those who probe and scrape expect them."""

from django.urls import path

from gallery.keeping import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
