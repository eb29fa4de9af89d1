"""Who may see which route, under which ids, and what of alice's it shows to whom it may.

The admin's own pages (list, add, change, history, delete) need no row here: they are for the team,
and `tests/access/world.py` has a row of each model.
"""

from __future__ import annotations

from tests.access.walk import Audience, Row

PUBLIC, KNOWN, CREATOR, TEAM = Audience.PUBLIC, Audience.KNOWN, Audience.CREATOR, Audience.TEAM

HOUSE = {
    "home": Row(PUBLIC),
    "door": Row(KNOWN, get=(302,)),
    "set_language": Row(PUBLIC, get=(405,), post={"language": "en"}),
    "health_live": Row(PUBLIC),
    "health_ready": Row(PUBLIC),
    "cjk_font": Row(PUBLIC),
    "favicon": Row(PUBLIC),
    "offline": Row(PUBLIC),
    "service_worker": Row(PUBLIC),
    "shared": Row(PUBLIC, {"token": "share_token"}),
    "webhook": Row(PUBLIC, ids={"provider": "nothing"}, get=(404, 405)),
}

# Whoever has the link may look: that is what its author made it for.
PREVIEWS = {
    "preview": Row(PUBLIC, {"token": "preview_token"}),
    "preview_film": Row(PUBLIC, {"token": "preview_token", "kind": "vtt_kind"}),
    "preview_frame": Row(PUBLIC, {"token": "preview_token", "pk": "shown_frame"}),
}

JOINING = {
    "join": Row(PUBLIC, {"token": "join_token"}, get=(302,)),
    "account_home": Row(KNOWN),
}

# Second factors and sessions are each visitor's own; without a second factor there is none to show.
FACTORS = {
    "mfa_index": Row(KNOWN),
    "mfa_authenticate": Row(PUBLIC, get=(302,)),
    "mfa_reauthenticate": Row(KNOWN, get=(200, 302)),
    "mfa_activate_totp": Row(KNOWN, get=(200, 302)),
    "mfa_deactivate_totp": Row(KNOWN, get=(302, 404)),
    "mfa_view_recovery_codes": Row(KNOWN, get=(302, 404)),
    "mfa_generate_recovery_codes": Row(KNOWN, get=(200, 302, 404)),
    "mfa_download_recovery_codes": Row(KNOWN, get=(302, 404)),
    "mfa_list_webauthn": Row(KNOWN, get=(200, 302)),
    "mfa_add_webauthn": Row(KNOWN, get=(200, 302)),
    "mfa_edit_webauthn": Row(KNOWN, ids={"pk": "user"}, get=(302, 404)),
    "mfa_remove_webauthn": Row(KNOWN, ids={"pk": "user"}, get=(302, 404)),
    "mfa_reauthenticate_webauthn": Row(KNOWN, get=(200, 302)),
    "mfa_login_webauthn": Row(PUBLIC, get=(200, 302)),
    "usersessions_list": Row(KNOWN),
}

# Logged in, most of allauth's pages send the visitor on.
ACCOUNTS = {
    "account_login": Row(PUBLIC, get=(200, 302)),
    "account_logout": Row(PUBLIC, get=(200,), post={}),
    "account_inactive": Row(PUBLIC),
    "account_signup": Row(PUBLIC, get=(200, 302)),
    "account_reauthenticate": Row(KNOWN),
    "account_email": Row(KNOWN),
    "account_email_verification_sent": Row(PUBLIC),
    "account_change_password": Row(KNOWN),
    "account_set_password": Row(KNOWN, get=(302,)),
    "account_reset_password": Row(PUBLIC, get=(200, 302)),
    "account_confirm_login_code": Row(PUBLIC, get=(200, 302)),
    "account_confirm_email": Row(PUBLIC, ids={"key": "user"}, get=(200, 302)),
    "account_reset_password_from_key_done": Row(PUBLIC),
    "account_reset_password_from_key": Row(
        PUBLIC, ids={"uidb36": "user", "key": "user"}, get=(200, 302)
    ),
    "account_reset_password_done": Row(PUBLIC),
}

STUDIO = {
    "portal:novel_list": Row(CREATOR, shows=["title"]),
    "portal:novel_upload": Row(CREATOR, post={"text": "第一章\n雪停了。", "title": "雪"}),
    "portal:novel": Row(CREATOR, {"pk": "novel"}, shows=["title"]),
    "portal:novel_chapters": Row(CREATOR, {"pk": "novel"}, shows=["title"], post={"what": "reset"}),
    "portal:chapter": Row(CREATOR, {"pk": "novel", "index": "chapter"}, post={"at": "1"}),
    "portal:novel_cast": Row(
        CREATOR, {"pk": "novel"}, shows=["title"], post={"kind": "add", "name": "沈砚"}
    ),
    "portal:correction_undo": Row(CREATOR, {"pk": "correction"}, get=(405,), post={}),
    "portal:run_again": Row(CREATOR, {"pk": "run"}, get=(405,), post={"token": "again"}),
    "portal:run": Row(CREATOR, {"pk": "run"}, shows=["title", "text"]),
    "portal:run_progress": Row(CREATOR, {"pk": "run"}, get=(302,)),
    "portal:run_cancel": Row(CREATOR, {"pk": "run"}, get=(405,), post={}),
    "portal:run_resume": Row(CREATOR, {"pk": "failed"}, get=(405,), post={}),
    "portal:studio": Row(CREATOR, {"pk": "run"}, shows=["title"]),
    "portal:studio_redo": Row(CREATOR, {"pk": "run"}, get=(405,), post={}),
    "portal:shot": Row(CREATOR, {"pk": "shot"}, post={"do": "look"}, shows=["title", "text"]),
    "portal:character": Row(CREATOR, {"pk": "character"}, post={"do": "look"}, shows=["title"]),
    "portal:frame_use": Row(CREATOR, {"pk": "frame"}, get=(405,), post={}),
    "portal:frame_hold": Row(CREATOR, {"pk": "frame"}, get=(405,), post={"locked": "no"}),
    "portal:batch": Row(CREATOR, {"pk": "batch"}, shows=["title"]),
    "portal:batch_progress": Row(CREATOR, {"pk": "batch"}, get=(302,)),
    "portal:batch_cancel": Row(CREATOR, {"pk": "batch"}, get=(405,), post={}),
    "portal:studio_task_start": Row(CREATOR, {"pk": "run"}, get=(405,), post={"kind": "x"}),
    "portal:studio_task": Row(CREATOR, {"pk": "studio_task"}, shows=["title"]),
    "portal:studio_task_progress": Row(CREATOR, {"pk": "studio_task"}, get=(302,)),
    "portal:studio_task_cancel": Row(CREATOR, {"pk": "studio_task"}, get=(405,), post={}),
    "portal:pictures_zip": Row(CREATOR, {"pk": "run"}, shows=["file"]),
    "portal:shots_csv": Row(CREATOR, {"pk": "run"}, shows=["text"]),
    "portal:contact_sheet": Row(CREATOR, {"pk": "studio_task"}),
    "portal:run_accept": Row(CREATOR, {"pk": "run"}, get=(405,), post={"accepted": "yes"}),
    "portal:run_relief": Row(
        CREATOR, {"pk": "run"}, get=(405,), post={"feature": "1", "pain": "1", "dismiss": "yes"}
    ),
    "portal:film_settings": Row(
        CREATOR,
        {"pk": "run"},
        shows=["title"],
        post={"token": "a", "shape": "square", "captions": "box", "speed": "1", "quote": "1"},
    ),
    "portal:film_again": Row(CREATOR, {"pk": "run"}, get=(405,), post={"token": "again"}),
    "portal:film_progress": Row(CREATOR, {"pk": "film_job"}, get=(302,)),
    "portal:film_cancel": Row(CREATOR, {"pk": "film_job"}, get=(405,), post={}),
    "portal:film_resume": Row(CREATOR, {"pk": "film_job"}, get=(405,), post={}),
    # No row of anybody's: a line that the house says in each voice.
    "portal:voice_sample": Row(CREATOR, ids={"engine": "voice", "voice": "voice"}, get=(404,)),
    "portal:storyboard": Row(CREATOR, {"pk": "run"}, shows=["title", "text"]),
    "portal:draft": Row(CREATOR, {"pk": "run"}, shows=["text"]),
    "portal:frame": Row(CREATOR, {"pk": "frame"}, shows=["file"]),
    "portal:sheet": Row(CREATOR, {"pk": "character"}, shows=["file"]),
    "portal:film": Row(CREATOR, {"pk": "film"}, shows=["file"]),
    "portal:film_poster": Row(CREATOR, {"pk": "film"}, shows=["file"]),
    "portal:film_captions": Row(CREATOR, {"pk": "film"}, shows=["text"]),
    "portal:film_subtitles": Row(CREATOR, {"pk": "film"}, shows=["title", "text"]),
    "portal:plan": Row(CREATOR, shows=["pen"]),
    "portal:plan_buy": Row(CREATOR, get=(405,), post={"token": "nothing-chosen"}),
    "portal:plan_word": Row(CREATOR, get=(405,), post={"stops": "yes"}),
    "portal:plan_order": Row(CREATOR, {"number": "order"}, shows=["pen"]),
    "portal:plan_order_close": Row(CREATOR, {"number": "order"}, get=(405,), post={}),
    "portal:plan_receipt": Row(CREATOR, {"number": "order"}, shows=["pen"]),
    "portal:practice": Row(CREATOR, {"number": "order"}, get=(302,), post={}),
    "portal:welcome": Row(CREATOR, shows=["pen"], post={"platform": "抖音"}),
    "portal:novel_delete": Row(CREATOR, {"pk": "novel"}, shows=["title"], post={}),
    "portal:data": Row(CREATOR),
    "portal:data_copy": Row(CREATOR, get=(405,), post={}),
    "portal:data_file": Row(CREATOR, {"pk": "copy"}, shows=["file"]),
    "portal:data_progress": Row(CREATOR, {"pk": "copy"}, get=(302,)),
    "portal:leave": Row(CREATOR, shows=["pen"]),
    "portal:preview_make": Row(CREATOR, {"pk": "run"}, get=(405,), post={"days": "3"}),
    "portal:preview_revoke": Row(CREATOR, {"pk": "preview"}, get=(405,), post={}),
    "portal:voice": Row(CREATOR, shows=["speech"]),
    "portal:voice_match": Row(CREATOR, get=(405,), post={"words": "多人同框"}),
    "portal:voice_report": Row(
        CREATOR, get=(405,), post={"words": "别的痛", "importance": "4", "pain": "none"}
    ),
    "portal:voice_take_back": Row(CREATOR, {"pk": "report"}, get=(405,), post={}),
    "portal:voice_rate": Row(CREATOR, get=(405,), post={"pain": "%(pain)s", "importance": "4"}),
    "portal:voice_top": Row(CREATOR, get=(405,), post={"place1": ""}),
    "portal:voice_votes": Row(CREATOR, get=(405,), post={"points1": "0"}),
    "portal:pairs": Row(CREATOR),
    "portal:pair_say": Row(CREATOR, {"token": "pair"}, get=(405,), post={"outcome": "left"}),
    "portal:pair_undo": Row(CREATOR, {"token": "pair"}, get=(405,), post={}),
    "portal:pair_picture": Row(CREATOR, {"token": "pair", "side": "side"}),
    "portal:answers": Row(CREATOR, shows=["speech"]),
    "portal:answers_mail": Row(CREATOR, get=(405,), post={"wanted": "no"}),
    "portal:me": Row(CREATOR, shows=["subject", "contact", "pen"]),
    "portal:interview": Row(CREATOR, {"pk": "interview"}, shows=["speech"]),
    "portal:recording": Row(CREATOR, {"pk": "recording"}, shows=["file"]),
    "portal:consent": Row(CREATOR, post={"to": "contact", "version": "2026-11"}),
    "portal:interview_consent": Row(
        CREATOR, {"pk": "interview"}, post={"to": "record", "version": "2026-11"}
    ),
    "portal:withdraw": Row(CREATOR, post={"what": "record"}),
    "portal:interview_withdraw": Row(CREATOR, {"pk": "interview"}, post={"what": "quotes"}),
    "portal:receipt": Row(CREATOR, {"pk": "redaction"}),
}

STUDIO |= {
    "portal:notices": Row(CREATOR, shows=["title"]),
    "portal:notice_bell": Row(CREATOR, get=(302,)),
    "portal:notices_all_read": Row(CREATOR, get=(405,), post={}),
    "portal:notice_settings": Row(CREATOR, post={"on": "film_ready:page"}, shows=["contact"]),
    "portal:notice_hook": Row(CREATOR, get=(405,), post={"do": "test"}),
    "portal:notice_open": Row(CREATOR, {"pk": "notice"}, get=(405,), post={}),
    "portal:appointments": Row(CREATOR),
    "portal:zone": Row(CREATOR, get=(405,), post={"zone": "Asia/Tokyo"}),
    "portal:invitation": Row(CREATOR, {"pk": "invitation"}, shows=["pen"]),
    "portal:calendar": Row(CREATOR, {"pk": "appointment"}),
    "portal:incentive_received": Row(CREATOR, {"pk": "incentive"}, get=(405,), post={}),
    "portal:words": Row(CREATOR, shows=["speech"]),
    "portal:word": Row(CREATOR, {"pk": "evidence"}, get=(405,), post={"verdict": "right"}),
    "portal:word_passage": Row(CREATOR, {"pk": "passage"}, get=(405,), post={"level": "0"}),
}
HOUSE |= {
    # Of whoever got the letter; it says which kind of notice, and nothing of its reader.
    "unsubscribe": Row(PUBLIC, {"token": "unsubscribe_token"}),
    # The link is alice's: it opens to whoever has it, but for another creator who is logged in.
    "invited": Row(PUBLIC, ids={"token": "nothing"}, get=(404,)),
    "invited_calendar": Row(PUBLIC, ids={"token": "nothing"}, get=(404,)),
}

API_CREATORS = {
    "api:novel-list": Row(CREATOR, shows=["title"], post={"text": "雪停了。"}),
    "api:novel-detail": Row(CREATOR, {"pk": "novel"}, shows=["title"]),
    "api:novel-chapters": Row(CREATOR, {"pk": "novel"}),
    "api:novel-storyboard": Row(CREATOR, {"pk": "novel"}, shows=["title", "text"]),
    "api:run-list": Row(CREATOR, shows=["error"]),
    "api:run-detail": Row(CREATOR, {"pk": "failed"}, shows=["error"]),
    "api:run-cancel": Row(CREATOR, {"pk": "run"}, get=(405,)),
    "api:run-resume": Row(CREATOR, {"pk": "failed"}, get=(405,), post={}),
    "api:film-list": Row(CREATOR, shows=["title"]),
    "api:film-detail": Row(CREATOR, {"pk": "film"}, shows=["title"]),
    "api:film-file": Row(CREATOR, {"pk": "film"}, shows=["file"]),
    "api:own-interview-list": Row(CREATOR),
    "api:own-interview-detail": Row(CREATOR, {"pk": "interview"}),
    "api:own-interview-transcript": Row(CREATOR, {"pk": "interview"}, shows=["speech"]),
    "api:own-payment-list": Row(CREATOR, shows=["subject"]),
    "api:own-payment-detail": Row(CREATOR, {"pk": "payment"}, shows=["subject"]),
}

API_TEAM = {
    "api:creator-list": Row(TEAM, shows=["pen"]),
    "api:creator-detail": Row(TEAM, {"pk": "creator"}, shows=["pen"]),
    "api:interview-list": Row(TEAM, shows=["pen"]),
    "api:interview-detail": Row(TEAM, {"pk": "interview"}, shows=["pen"]),
    "api:interview-transcript": Row(TEAM, {"pk": "interview"}, shows=["speech"]),
    "api:pain-list": Row(TEAM),
    "api:pain-detail": Row(TEAM, {"pk": "pain"}),
    "api:pain-quotes": Row(TEAM, {"pk": "pain"}, shows=["speech"]),
    "api:feature-list": Row(TEAM),
    "api:feature-detail": Row(TEAM, {"key": "feature"}),
    "api:feature-dossier": Row(TEAM, {"key": "feature"}, shows=["speech"]),
    "api:search": Row(TEAM, query={"q": "canaryspeech"}, shows=["speech"]),
}

API_HOUSE = {
    "api:token": Row(KNOWN, get=(405,), post={}),
    "api:schema": Row(KNOWN),
    "api:docs": Row(KNOWN),
}

ADMIN = {
    "admin:index": Row(TEAM, any_staff=True),
    "admin:login": Row(PUBLIC, get=(302, 403)),
    "admin:logout": Row(PUBLIC, get=(302, 405)),
    "admin:password_change": Row(TEAM, any_staff=True),
    "admin:password_change_done": Row(TEAM, any_staff=True),
    "admin:autocomplete": Row(TEAM, get=(200, 403)),
    "admin:jsi18n": Row(TEAM, any_staff=True),
    "admin:search": Row(TEAM, any_staff=True, query={"s": "canary"}),
    "admin:app_list": Row(TEAM, {"app_label": "app"}),
    "admin:view_on_site": Row(TEAM, {"content_type_id": "user", "object_id": "user"}, get=(404,)),
    "admin:admin/(?P<url>.*)$": Row(TEAM, {"url": "nothing"}, get=(404,)),
    "admin:auth_user_password_change": Row(TEAM, {"id": "user"}),
    "admin:generation_dossier": Row(TEAM, {"key": "feature"}, shows=["speech"]),
    "admin:generation_dossier_md": Row(TEAM, {"key": "feature"}, shows=["speech"]),
    "admin:generation_chain": Row(TEAM, {"pk": "evidence"}, shows=["speech", "pen"]),
    "admin:generation_calibration": Row(TEAM),
    "admin:generation_changes_read": Row(TEAM, {"key": "feature"}, get=(405,), post={}),
    "admin:generation_gate": Row(TEAM, {"key": "feature"}, post={"reason": "先做再说"}),
    "admin:generation_decide": Row(
        TEAM, {"key": "feature"}, post={"decision": "wait", "why": "样本太少", "confidence": "0.6"}
    ),
    "admin:generation_dossier_json": Row(TEAM, {"key": "feature"}, shows=["speech"]),
    "admin:generation_alarm": Row(TEAM),
    "admin:generation_alarm_evaluate": Row(TEAM, get=(405,), post={}),
    "admin:generation_board": Row(TEAM),
    "admin:generation_map": Row(TEAM),
    "admin:generation_votes": Row(TEAM),
    "admin:generation_coverage": Row(TEAM, query={"pain": "%(pain)s"}),
    "admin:generation_answer": Row(TEAM, {"key": "feature"}),
    "admin:generation_case": Row(TEAM, {"pk": "case"}),
    "admin:generation_case_forecast": Row(
        TEAM, {"pk": "case"}, get=(405,), post={"percent": "60", "why": "x"}
    ),
    "admin:generation_case_scores": Row(TEAM),
    "admin:generation_alarmpolicy_changelist": Row(TEAM, get=(302,)),
    "admin:generation_template": Row(TEAM, {"key": "template"}),
    "admin:generation_template_new": Row(TEAM, {"key": "template"}),
    "admin:generation_template_diff": Row(TEAM, {"key": "template"}),
    "admin:generation_template_alias": Row(
        TEAM, {"key": "template"}, get=(405,), post={"name": "trial", "version": "1"}
    ),
    "admin:generation_template_preview": Row(TEAM, {"key": "template"}, get=(200, 404)),
    "admin:generation_template_usual": Row(
        TEAM, {"key": "template"}, get=(405,), post={"novels": "zh"}
    ),
    "admin:generation_template_rate": Row(
        TEAM, {"key": "template"}, get=(405,), post={"version": "1", "concrete": "4"}
    ),
    "admin:generation_template_export": Row(TEAM, {"kind": "json"}),
    "admin:generation_template_import": Row(TEAM),
    "admin:generation_pairs": Row(TEAM, {"pk": "evaluation"}),
    "admin:generation_pair_undo": Row(TEAM, {"pk": "evaluation"}, get=(405,), post={}),
    "admin:generation_pair_say": Row(TEAM, {"token": "pair"}, get=(404, 405)),
    "admin:generation_pair_picture": Row(TEAM, {"token": "pair", "side": "side"}, get=(404,)),
    "admin:generation_evaluation_new": Row(TEAM),
    "admin:generation_case_set_new": Row(TEAM),
    "admin:generation_case_set": Row(TEAM, {"pk": "case_set"}),
    "admin:generation_decisions": Row(TEAM),
    "admin:generation_decision": Row(TEAM, {"pk": "choice"}),
    "admin:generation_decision_file": Row(TEAM, {"pk": "choice"}),
    "admin:generation_evaluation": Row(TEAM, {"pk": "evaluation"}),
    "admin:generation_evaluation_act": Row(TEAM, {"pk": "evaluation"}, get=(405,), post={}),
    "admin:generation_evaluation_decide": Row(
        TEAM, {"pk": "evaluation"}, get=(405,), post={"arm": "0", "why": "x"}
    ),
    "admin:generation_trial_picture": Row(TEAM, {"pk": "trial"}),
    "admin:insights_money": Row(TEAM, {"page": "money"}, shows=["pen"]),
    "admin:insights_money_file": Row(
        TEAM, {"page": "money", "panel": "money_panel", "kind": "kind"}
    ),
    "admin:insights_money_people": Row(TEAM, {"pain": "pain"}, shows=["pen"]),
    "admin:generation_money_features": Row(TEAM),
    "admin:generation_money_file": Row(
        TEAM, {"page": "features", "panel": "features", "kind": "kind"}
    ),
    "admin:engines_in_doubt": Row(TEAM),
    "admin:engines_use": Row(TEAM),
    "admin:engines_resolve": Row(
        TEAM, {"pk": "call"}, post={"outcome": "not_billed", "note": "not on the bill"}
    ),
    "admin:engines_cap": Row(TEAM, {"pk": "budget"}, post={"cap": "10"}),
    # words before the canary: what is searched for stands in the box and in a mark of its own
    "admin:insights_search": Row(TEAM, query={"q": "分镜要画"}, shows=["speech"]),
    "admin:insights_workspace": Row(TEAM, {"pk": "interview"}, shows=["speech"]),
    "admin:insights_tag": Row(
        TEAM,
        {"pk": "interview"},
        get=(405,),
        post='{"transcript": %(transcript)s, "start": 0, "end": 3, "quote": "最费时", "pain": %(pain)s}',
        codes=True,
    ),
    "admin:insights_pulse": Row(TEAM, {"pk": "interview"}),
    "admin:insights_correct": Row(
        TEAM,
        {"pk": "interview"},
        get=(405,),
        post='{"version": %(transcript)s, "seen": %(transcript)s, "index": 0, "text": "改过"}',
    ),
    "admin:insights_speakers": Row(
        TEAM,
        {"pk": "interview"},
        get=(405,),
        post='{"version": %(transcript)s, "names": {"研究员": "访谈员"}}',
    ),
    "admin:insights_place": Row(TEAM, {"pk": "interview"}, get=(405,)),
    "admin:insights_card": Row(
        TEAM,
        {"pk": "interview"},
        get=(405,),
        post={"kind": "tool", "tool": "即梦", "level": "aware"},
    ),
    "admin:insights_guide": Row(TEAM, {"pk": "interview"}, get=(405,)),
    "admin:insights_likely": Row(
        TEAM, {"pk": "interview"}, get=(405,), post='{"text": "分镜要画三天"}'
    ),
    "admin:insights_asked": Row(TEAM, {"pk": "interview"}, get=(405,), post={}),
    "admin:insights_untag": Row(TEAM, {"pk": "evidence"}, get=(405,), post={}),
    "admin:insights_exchange": Row(TEAM),
    "admin:insights_exchange_upload": Row(TEAM, get=(405,)),
    "admin:insights_exchange_preview": Row(TEAM, {"pk": "upload"}, shows=["pen"]),
    "admin:insights_exchange_book": Row(TEAM, {"pk": "upload"}, get=(405,), post={}),
    "admin:insights_exchange_discard": Row(TEAM, {"pk": "upload"}, get=(405,), post={}),
    "admin:insights_exchange_make": Row(
        TEAM, {"key": "study_key", "format": "csv"}, get=(405,), post={}
    ),
    "admin:insights_exchange_job": Row(TEAM, {"pk": "exchanging"}),
    "admin:insights_exchange_cancel": Row(TEAM, {"pk": "exchanging"}, get=(405,), post={}),
    "admin:insights_exchange_again": Row(TEAM, {"pk": "exchanging"}, get=(405,), post={}),
    "admin:insights_exchange_file": Row(TEAM, {"pk": "exchanging"}, get=(302,)),
    "admin:insights_exchange_download": Row(
        TEAM, {"key": "study_key", "format": "format"}, shows=["speech"]
    ),
    "admin:insights_assistants": Row(TEAM),
    "admin:insights_ask": Row(TEAM),
    "admin:insights_answer": Row(TEAM, {"pk": "answer"}, shows=["speech"]),
    "admin:insights_machine_code": Row(TEAM, get=(405,), post={"way": "offline"}),
    "admin:insights_assistant_cancel": Row(TEAM, {"pk": "answer"}, get=(405,), post={}),
    "admin:insights_suggest": Row(TEAM, {"pk": "interview"}, get=(405,), post='{"way": "offline"}'),
    "admin:insights_suggested": Row(TEAM, {"pk": "suggesting"}, shows=["speech"]),
    "admin:insights_decide": Row(TEAM, {"pk": "suggestion"}, get=(405,), post='{"accept": false}'),
    "admin:insights_pain_page": Row(TEAM, {"pk": "pain"}, shows=["speech"]),
    "admin:insights_evidence_edit": Row(
        TEAM, {"pk": "evidence"}, get=(405,), post={"stance": "for", "severity": "3"}
    ),
    "admin:insights_read_against": Row(TEAM, {"pk": "pain"}, get=(405,), post={}),
    "admin:insights_codebook": Row(TEAM),
    "admin:insights_pain_move": Row(TEAM, get=(405,), post={}),
    "admin:insights_pain_merge": Row(TEAM, {"pk": "pain"}, post={"into": ""}),
    "admin:insights_pain_split": Row(TEAM, {"pk": "pain"}, shows=["speech"], post={}),
    "admin:insights_pain_close": Row(TEAM, {"pk": "pain"}, get=(405,), post={}),
    "admin:insights_pain_undo": Row(TEAM, {"pk": "change"}, get=(405,), post={}),
    "admin:insights_rounds": Row(TEAM),
    "admin:insights_round_new": Row(TEAM, get=(405,), post={}),
    "admin:insights_round": Row(TEAM, {"pk": "round"}),
    "admin:insights_round_read": Row(TEAM, {"pk": "round"}, shows=["speech"]),
    "admin:insights_passages": Row(TEAM),
    "admin:insights_adjudicate": Row(TEAM, {"pk": "unit"}, get=(405,), post={}),
    **{
        f"admin:insights_{key}": Row(TEAM)
        for key in (
            "landscape",
            "ranking",
            "saturation",
            "penetration",
            "tools",
            "steps",
            "agreement",
            "prices",
        )
    },
    "admin:insights_figure_file": Row(TEAM, {"key": "figure", "kind": "csv"}),
    "admin:insights_share": Row(TEAM, {"key": "figure"}, get=(405,), post={}),
    "admin:insights_shares": Row(TEAM),
    "admin:insights_share_revoke": Row(TEAM, {"pk": "share"}, get=(405,), post={}),
    "admin:crm_interview_import": Row(TEAM, get=(200, 302)),
    "admin:crm_consent_record": Row(TEAM, shows=["pen"]),
    "admin:crm_consent_record_consent": Row(TEAM, get=(200, 302)),
    "admin:crm_consentform_add": Row(TEAM),
    "admin:crm_transcript_versions": Row(TEAM, {"pk": "interview"}, post={}),
    "admin:crm_recordings": Row(TEAM, {"pk": "interview"}, shows=["file"], post={}),
    "admin:crm_recording_file": Row(TEAM, {"pk": "recording"}, shows=["file"]),
    "admin:crm_recording_remove": Row(TEAM, {"pk": "removable"}, get=(405,), post={}),
    "admin:crm_transcribe": Row(TEAM, {"pk": "recording"}, get=(405,), post={"engine": "none"}),
    "admin:crm_transcription": Row(TEAM, {"pk": "transcription"}),
    "admin:crm_transcription_review": Row(
        TEAM, {"pk": "transcription"}, shows=["speech"], post={"reject": "1"}
    ),
    "admin:crm_transcription_cancel": Row(TEAM, {"pk": "transcription"}, get=(405,), post={}),
    "admin:crm_transcription_resume": Row(TEAM, {"pk": "transcription"}, get=(405,), post={}),
    "admin:crm_interview_preview": Row(TEAM, get=(302,)),
    "admin:crm_interview_import_transcript": Row(TEAM, get=(200, 302)),
    "admin:crm_payment_import": Row(TEAM, get=(200, 302)),
    "admin:crm_payment_import_bill": Row(TEAM, get=(200, 302)),
    "admin:crm_reconcile": Row(TEAM),
    "admin:crm_reconcile_report": Row(TEAM, {"pk": "reconciliation"}),
    "admin:crm_reconcile_csv": Row(TEAM, {"pk": "reconciliation"}),
    "admin:crm_reconcile_cancel": Row(TEAM, {"pk": "reconciliation"}, get=(405,), post={}),
    "admin:crm_reconcile_again": Row(TEAM, {"pk": "reconciliation"}, get=(405,), post={}),
    "admin:crm_reconciliation_compare": Row(TEAM, get=(200, 302)),
    "admin:crm_reconciliation_show_report": Row(
        TEAM, {"object_id": "reconciliation"}, get=(200, 302)
    ),
    "admin:crm_payment_columns": Row(TEAM, get=(302,)),
    "admin:crm_payment_preview": Row(TEAM, get=(302,)),
    "admin:crm_payment_queue": Row(TEAM, post={}),
    "admin:crm_payment_open_queue": Row(TEAM, get=(200, 302)),
    "admin:crm_payment_correction": Row(TEAM, {"object_id": "payment"}, get=(200, 302)),
    "admin:crm_paymentimport_take_back": Row(TEAM, {"object_id": "bill"}, get=(200, 302)),
    "admin:crm_payment_match_undo": Row(TEAM, {"pk": "match"}, get=(302,), post={}),
    "admin:crm_payment_correct": Row(TEAM, {"pk": "payment"}, post={"why": "双重入账"}),
    "admin:crm_paymentimport_undo": Row(TEAM, {"pk": "bill"}, post={}),
    "admin:crm_payment_match": Row(TEAM, {"object_id": "payment"}, get=(200, 302)),
    "admin:crm_payment_payer": Row(TEAM, {"pk": "payment"}, get=(200, 302, 405)),
    "admin:crm_subscriptions": Row(TEAM),
    "admin:crm_planorder_refund": Row(TEAM, {"pk": "plan_order"}),
    "admin:crm_planorder_who_has_what": Row(TEAM, get=(200, 302)),
    "admin:crm_planorder_give_back": Row(TEAM, {"object_id": "plan_order"}, get=(200, 302)),
    "admin:crm_study_people": Row(TEAM, {"pk": "study"}, shows=["pen"], post={}),
    "admin:crm_study_open_people": Row(TEAM, {"object_id": "study"}, get=(200, 302)),
    "admin:crm_study_open_board": Row(TEAM, {"object_id": "study"}, get=(200, 302)),
    "admin:insights_study_board": Row(TEAM, {"pk": "study"}),
    "admin:crm_creator_import_list": Row(TEAM, get=(200, 302)),
    "admin:crm_creator_look_for_duplicates": Row(TEAM, get=(200, 302)),
    "admin:crm_creator_open_timeline": Row(TEAM, {"object_id": "creator"}, get=(200, 302)),
    "admin:crm_creator_open_duplicates": Row(TEAM, {"object_id": "creator"}, get=(200, 302)),
    "admin:crm_creator_timeline": Row(TEAM, {"pk": "creator"}, shows=["pen", "speech", "subject"]),
    "admin:crm_creatorimport_import_list": Row(TEAM, get=(200, 302)),
    "admin:crm_creatorimport_take_back": Row(TEAM, {"object_id": "roster"}, get=(200, 302)),
    "admin:crm_roster_upload": Row(TEAM),
    "admin:crm_roster_preview": Row(TEAM, get=(302,)),
    "admin:crm_roster_job": Row(TEAM, {"pk": "roster_job"}),
    "admin:crm_roster_job_cancel": Row(TEAM, {"pk": "roster_job"}, get=(405,), post={}),
    "admin:crm_roster_job_again": Row(TEAM, {"pk": "roster_job"}, get=(405,), post={}),
    "admin:crm_roster_undo": Row(TEAM, {"pk": "roster"}, post={}),
    "admin:crm_tierrule_look_at_proposals": Row(TEAM, get=(200, 302)),
    "admin:crm_tier_proposals": Row(TEAM, post={}),
    "admin:crm_creatormerge_look_for_duplicates": Row(TEAM, get=(200, 302)),
    "admin:crm_creatormerge_take_back": Row(TEAM, {"object_id": "merge"}, get=(200, 302)),
    "admin:crm_duplicates": Row(TEAM, query={"creator": "%(creator)s"}, post={}),
    "admin:crm_creators_merge": Row(
        TEAM, {"pk": "creator", "other": "other_creator"}, shows=["pen"], post={"why": "同一人"}
    ),
    "admin:crm_merge_undo": Row(TEAM, {"pk": "merge"}, post={}),
    "admin:crm_creator_change": Row(
        TEAM, {"object_id": "creator"}, shows=["pen", "contact", "note"]
    ),
}

TABLE = {
    **HOUSE,
    **JOINING,
    **PREVIEWS,
    **FACTORS,
    **ACCOUNTS,
    **STUDIO,
    **API_CREATORS,
    **API_TEAM,
    **API_HOUSE,
    **ADMIN,
}
