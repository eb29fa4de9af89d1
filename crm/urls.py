from django.urls import path

from crm import own_views, plan_views, study_views, views

urlpatterns = [
    path("", views.me, name="me"),
    path("withdraw/", views.withdraw, name="withdraw"),
    path("withdrawals/<int:pk>/", views.receipt, name="receipt"),
    path("consent/", views.consent, name="consent"),
    path("interviews/<int:pk>/consent/", views.interview_consent, name="interview_consent"),
    path("recordings/<int:pk>/", views.recording, name="recording"),
    path("interviews/<int:pk>/", views.interview, name="interview"),
    path("times/", study_views.appointments, name="appointments"),
    path("times/zone/", study_views.zone, name="zone"),
    path("times/<int:pk>/", study_views.invitation, name="invitation"),
    path("times/<int:pk>/calendar.ics", study_views.calendar, name="calendar"),
    path("incentives/<int:pk>/received/", study_views.received, name="incentive_received"),
    path("data/", own_views.data, name="data"),
    path("data/copy/", own_views.copy, name="data_copy"),
    path("data/copies/<int:pk>/", own_views.copy_file, name="data_file"),
    path("data/copies/<int:pk>/progress/", own_views.copy_progress, name="data_progress"),
    path("leave/", own_views.leave, name="leave"),
    path("plan/", plan_views.plan, name="plan"),
    path("plan/buy/", plan_views.plan_buy, name="plan_buy"),
    path("plan/word/", plan_views.plan_word, name="plan_word"),
    path("plan/orders/<str:number>/", plan_views.plan_order, name="plan_order"),
    path("plan/orders/<str:number>/close/", plan_views.plan_order_close, name="plan_order_close"),
    path("plan/orders/<str:number>/receipt/", plan_views.plan_receipt, name="plan_receipt"),
    path("plan/test-payment/<str:number>/", plan_views.practice, name="practice"),
    path("interviews/<int:pk>/withdraw/", views.interview_withdraw, name="interview_withdraw"),
]
