"""Every address of the site."""

from django.urls import include, path

urlpatterns = [
    path("", include("gallery.works.urls")),
    path("", include("gallery.museums.urls")),
    path("", include("gallery.calls.urls")),
    path("", include("gallery.runs.urls")),
    path("", include("gallery.studies.urls")),
    path("", include("gallery.findings.urls")),
    path("", include("gallery.accounts.urls")),
    path("", include("gallery.keeping.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
