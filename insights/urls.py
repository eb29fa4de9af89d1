"""Insight's pages in the creators' portal."""

from django.urls import path

from insights import word_views

urlpatterns = [
    path("", word_views.words, name="words"),
    path("<int:pk>/", word_views.word, name="word"),
    path("passage/<int:pk>/", word_views.passage, name="word_passage"),
]
