"""Addresses of this app. A work under study has no address but its trial's."""

from django.urls import include, path

from gallery.studies.views import (
    answers,
    entrance,
    labels,
    opening,
    pictures,
    sealed,
    sitting,
    watching,
)

one_study = [
    path("", entrance.landing, name="study"),
    path("begin/", entrance.consent, name="study-begin"),
    path("sitting/", sitting.sitting, name="sitting"),
    path("sitting/preview/", sitting.pass_card, {"card": "preview"}, name="sitting-previewed"),
    path("sitting/preview/<int:number>/", pictures.preview_picture, name="preview-picture"),
    path("sitting/rest/", sitting.pass_card, {"card": "rest"}, name="sitting-rested"),
    path("sitting/facts/", sitting.facts, name="sitting-facts"),
    path("sitting/leave/", sitting.leave, name="sitting-leave"),
    path("reveal/", labels.reveal_page, name="reveal"),
    path("reveal/unsigned.png", labels.share, name="reveal-share"),
    path("protocol/", sealed.protocol, name="study-protocol"),
    path("protocol/document.json", sealed.document, name="study-document"),
    path("protocol/key.json", sealed.key, name="study-key"),
    path("next/", opening.next_version, name="study-next"),
    path("open/", opening.open_, name="study-open"),
    path("drop/", opening.drop, name="study-drop"),
    path("board/", watching.board, name="study-board"),
    path("close/", opening.close, name="study-close"),
]

one_trial = [
    path("picture/", pictures.trial_picture, name="trial-picture"),
    path("picture/right/", pictures.trial_picture, {"side": "right"}, name="trial-picture-right"),
    path("answer/", sitting.answer, name="trial-answer"),
    path("skip/", sitting.skip, name="trial-skip"),
    path("guess/", sitting.guess, name="trial-guess"),
]

urlpatterns = [
    path("", entrance.home, name="home"),
    path("studies/", entrance.study_list, name="studies"),
    path("studies/new/", opening.new, name="study-new"),
    path("studies/power/", watching.power_table, name="study-power"),
    path("studies/<slug:slug>/", include(one_study)),
    path("trials/<uuid:code>/", include(one_trial)),
    path("answers/", answers.answers, name="answers"),
    path("answers/export/", answers.export, name="answers-export"),
    path("answers/erase/", answers.erase, name="answers-erase"),
]
