from django.urls import path

from crm import views

urlpatterns = [
    path("", views.me, name="me"),
    path("withdraw/", views.withdraw, name="withdraw"),
    path("withdrawals/<int:pk>/", views.receipt, name="receipt"),
    path("interviews/<int:pk>/", views.interview, name="interview"),
    path("interviews/<int:pk>/withdraw/", views.interview_withdraw, name="interview_withdraw"),
]
