from django.urls import path

from crm import views

urlpatterns = [
    path("", views.me, name="me"),
    path("interviews/<int:pk>/", views.interview, name="interview"),
]
