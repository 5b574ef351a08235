"""Addresses of this app."""

from django.urls import path

from gallery.findings import views

urlpatterns = [path("studies/<slug:slug>/findings/", views.findings, name="findings")]
