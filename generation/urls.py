from django.urls import path

<<<<<<< HEAD
from generation.views import answers, corrections, files, novels, previews, runs, voice, welcome
=======
from generation.views import answers, corrections, files, novels, pairs, runs, voice
>>>>>>> main

urlpatterns = [
    path("", novels.novel_list, name="novel_list"),
    path("welcome/", welcome.welcome, name="welcome"),
    path("upload/", novels.novel_upload, name="novel_upload"),
    path("novels/<int:pk>/", novels.novel, name="novel"),
    path("novels/<int:pk>/delete/", novels.novel_delete, name="novel_delete"),
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
<<<<<<< HEAD
    path("runs/<int:pk>/previews/", previews.make, name="preview_make"),
    path("previews/<int:pk>/end/", previews.revoke, name="preview_revoke"),
=======
    path("pairs/", pairs.pairs, name="pairs"),
    path("pairs/<slug:token>/undo/", pairs.pair_undo, name="pair_undo"),
    path("pairs/<slug:token>/say/", pairs.pair_say, name="pair_say"),
    path("pairs/<slug:token>/<slug:side>.png", pairs.pair_picture, name="pair_picture"),
>>>>>>> main
    path("voice/", voice.voice, name="voice"),
    path("voice/match/", voice.match, name="voice_match"),
    path("voice/report/", voice.report, name="voice_report"),
    path("voice/reports/<int:pk>/take-back/", voice.take_back, name="voice_take_back"),
    path("voice/rate/", voice.rate, name="voice_rate"),
    path("voice/top/", voice.top, name="voice_top"),
    path("voice/votes/", voice.votes, name="voice_votes"),
    path("answers/", answers.answers, name="answers"),
    path("answers/mail/", answers.mail, name="answers_mail"),
    path("frames/<int:pk>.png", files.frame, name="frame"),
    path("cast/<int:pk>.png", files.sheet, name="sheet"),
    path("films/<int:pk>.mp4", files.film, name="film"),
    path("films/<int:pk>.jpg", files.film_poster, name="film_poster"),
    path("films/<int:pk>.vtt", files.film_captions, name="film_captions"),
    path("films/<int:pk>.srt", files.film_subtitles, name="film_subtitles"),
]
