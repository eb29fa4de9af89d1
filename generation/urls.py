from django.urls import path

from generation.views import answers, corrections, files, novels, pairs, runs

urlpatterns = [
    path("", novels.novel_list, name="novel_list"),
    path("upload/", novels.novel_upload, name="novel_upload"),
    path("novels/<int:pk>/", novels.novel, name="novel"),
    path("novels/<int:pk>/chapters/", corrections.novel_chapters, name="novel_chapters"),
    path("novels/<int:pk>/chapters/<int:index>/", corrections.chapter, name="chapter"),
    path("novels/<int:pk>/cast/", corrections.novel_cast, name="novel_cast"),
    path("corrections/<int:pk>/undo/", corrections.correction_undo, name="correction_undo"),
    path("runs/<int:pk>/again/", corrections.run_again, name="run_again"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/progress/", runs.run_progress, name="run_progress"),
    path("runs/<int:pk>/cancel/", runs.run_cancel, name="run_cancel"),
    path("runs/<int:pk>/resume/", runs.run_resume, name="run_resume"),
    path("runs/<int:pk>/accept/", runs.run_accept, name="run_accept"),
    path("runs/<int:pk>/relief/", runs.run_relief, name="run_relief"),
    path("runs/<int:pk>/storyboard.json", files.storyboard, name="storyboard"),
    path("runs/<int:pk>/draft.zip", files.draft, name="draft"),
    path("pairs/", pairs.pairs, name="pairs"),
    path("pairs/<int:pk>/undo/", pairs.pair_undo, name="pair_undo"),
    path("pairs/<slug:token>/say/", pairs.pair_say, name="pair_say"),
    path("pairs/<slug:token>/<slug:side>.png", pairs.pair_picture, name="pair_picture"),
    path("answers/", answers.answers, name="answers"),
    path("answers/mail/", answers.mail, name="answers_mail"),
    path("frames/<int:pk>.png", files.frame, name="frame"),
    path("cast/<int:pk>.png", files.sheet, name="sheet"),
    path("films/<int:pk>.mp4", files.film, name="film"),
    path("films/<int:pk>.jpg", files.film_poster, name="film_poster"),
    path("films/<int:pk>.vtt", files.film_captions, name="film_captions"),
    path("films/<int:pk>.srt", files.film_subtitles, name="film_subtitles"),
]
