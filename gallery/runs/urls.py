"""Addresses of this app."""

from django.urls import path

from gallery.runs import drawings, views
from gallery.runs.consumers import RunConsumer
from gallery.runs.schedules import views as schedules
from gallery.runs.training import views as training

urlpatterns = [
    path("studio/", views.studio, name="studio"),
    path("studio/new/<slug:name>/", views.new, name="run-new"),
    path("studio/train/<slug:name>/", training.train, name="train"),
    path("studio/checkpoints/<uuid:code>/", training.checkpoint, name="checkpoint"),
    path("studio/schedules/", schedules.schedules, name="schedules"),
    path("studio/schedules/new/<slug:name>/", schedules.new_schedule, name="schedule-new"),
    path("studio/schedules/<uuid:code>/", schedules.change, name="schedule-change"),
    path("studio/schedules/<uuid:code>/pause/", schedules.pause, name="schedule-pause"),
    path("studio/schedules/<uuid:code>/resume/", schedules.resume, name="schedule-resume"),
    path("studio/schedules/<uuid:code>/delete/", schedules.delete, name="schedule-delete"),
    path("studio/runs/<uuid:code>/", views.run, name="run"),
    path("studio/runs/<uuid:code>/cancel/", views.cancel, name="run-cancel"),
    path("studio/runs/<uuid:code>/retry/", views.retry, name="run-retry"),
    path("studio/runs/<uuid:code>/repeat/", views.repeat, name="run-repeat"),
    path("studio/runs/<uuid:code>/sheet/", views.sheet, name="run-sheet"),
    path("studio/runs/<uuid:code>/preview/", views.preview, name="run-preview"),
    path("studio/runs/<uuid:code>/outputs/<int:index>/hang/", views.hang, name="output-hang"),
    path(
        "studio/runs/<uuid:code>/outputs/<int:index>/discard/",
        views.discard,
        name="output-discard",
    ),
    path("works/<uuid:code>/drawing.svg", drawings.drawing, name="work-drawing"),
    path("works/<uuid:code>/program", drawings.program, name="work-program"),
]

websocket_urlpatterns = [path("ws/runs/<uuid:code>/", RunConsumer.as_asgi())]
