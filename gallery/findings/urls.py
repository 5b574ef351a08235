"""Addresses of this app."""

from django.urls import path, re_path

from gallery.findings import api, views

FIGURE = r"^studies/(?P<slug>[\w-]+)/findings/(?P<name>[\w-]+)\.(?P<kind>svg|png)$"

urlpatterns = [
    path("studies/<slug:slug>/findings/", views.findings, name="findings"),
    path("studies/<slug:slug>/findings/export/", views.export, name="findings-export"),
    re_path(FIGURE, views.figure, name="findings-figure"),
    path("api/", api.description, name="api"),
    path("api/studies/", api.studies, name="api-studies"),
    path("api/studies/<slug:slug>/", api.study, name="api-study"),
    path("api/works/", api.works, name="api-works"),
    path("api/works/<uuid:code>/", api.work, name="api-work"),
]
