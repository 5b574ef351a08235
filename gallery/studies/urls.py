"""Addresses of this app. A work under study has no address but its trial's."""

from django.urls import include, path

from gallery.studies.views import answers, entrance, opening, sitting

one_study = [
    path("", entrance.landing, name="study"),
    path("begin/", entrance.consent, name="study-begin"),
    path("sitting/", sitting.sitting, name="sitting"),
    path("reveal/", sitting.reveal_page, name="reveal"),
    path("close/", opening.close, name="study-close"),
]

one_trial = [
    path("picture/", sitting.trial_picture, name="trial-picture"),
    path("answer/", sitting.answer, name="trial-answer"),
    path("skip/", sitting.skip, name="trial-skip"),
    path("guess/", sitting.guess, name="trial-guess"),
]

urlpatterns = [
    path("", entrance.home, name="home"),
    path("studies/", entrance.study_list, name="studies"),
    path("studies/new/", opening.new, name="study-new"),
    path("studies/<slug:slug>/", include(one_study)),
    path("trials/<uuid:code>/", include(one_trial)),
    path("answers/", answers.answers, name="answers"),
    path("answers/export/", answers.export, name="answers-export"),
    path("answers/erase/", answers.erase, name="answers-erase"),
]
