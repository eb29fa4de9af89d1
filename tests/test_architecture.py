"""What no import contract can see: foreign keys, tasks, templates, messages, personal text."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.template.loader import get_template

from crm.encryption import EncryptedTextField
from generation.models import Run
from generation.tasks import run_execute_task, runs_sweep_task
from tests.factories.generation import RunFactory

ROOT = Path(settings.BASE_DIR)
APPS = ["crm", "insights", "generation"]  # each may point to itself and to those before it
ROOMS = ["config", "generation", "insights", "crm", "engines"]
CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff]")

# Models that the admin shows only within another's page, or not at all, and why.
INTERNAL = {
    "crm.GuideAnswer": "ticked in the workspace",
    "crm.Recording": "listed and played on the interview's own page",
    "crm.Transcription": "shown beside its recording",
    "crm.TranscriptionPart": "what an engine heard, until somebody says yes",
    "engines.CallDay": "kept by triggers, summed on the page of token use",
    "crm.Change": "counted by triggers, read by caches",
    "crm.CreatorNotice": "the creator's own; what left the house is listed by its delivery",
    "crm.NoticeChoice": "the creator's own choice",
    "crm.NoticeHook": "the creator's own program",
    "crm.Appointment": "on the page of its study's people",
    "crm.GuideVersion": "listed within its study",
    "crm.Incentive": "on the page of its study's people",
    "crm.IncentiveStep": "on the page of its study's people",
    "crm.Slot": "on the page of its study's people",
    "crm.StudyInvitation": "on the page of its study's people",
    "insights.MemberCheck": "shown at the quote and in its evidence",
    "insights.QuoteLimit": "shown at the quote and in its evidence",
    "crm.CreatorImportRow": "what a list did, row by row; read when it is taken back",
    "crm.CreatorsDiffer": "said on the page of duplicates",
    "crm.TierRefusal": "said on the page of proposals",
    "crm.GuideQuestion": "edited within its study",
    "crm.MonthDue": "notes of triggers, counted on the money pages",
    "crm.BillMapping": "chosen while a bill is imported",
    "crm.PayerMatch": "listed and taken back beside the queue",
    "crm.ReconciliationLine": "shown in the report of its reconciliation",
    "crm.PayerBalance": "kept by triggers, summed on pages",
    "crm.PayerName": "edited within its creator",
    "crm.PracticeNotice": "what the test provider still has to deliver",
    "crm.QuotaEntry": "shown by day on the creator's page",
    "crm.PayingAsOf": "shown on the money pages",
    "crm.PayingMonth": "summed on the money pages",
    "crm.PayingTally": "shown on the money pages",
    "crm.SpellDue": "notes of triggers, counted on the money pages",
    "crm.StepEffort": "edited within its creator",
    "crm.DataExport": "the creator's own copy; its failures are told on their page",
    "crm.TierChange": "shown within its creator",
    "crm.ToolUse": "edited within its creator",
    "crm.TranscriptVersion": "read in the workspace",
    "crm.Utterance": "read in the workspace",
    "generation.AlarmNotice": "shown in its alarm",
    "generation.AnswerNotice": "shown in its answer",
    "generation.CastCorrection": "the creator's own novel",
    "generation.FilmSettings": "the creator's own film",
    "generation.Chapter": "the creator's own novel",
    "generation.ChapterMap": "how a run's chapters are shared",
    "generation.Character": "the creator's own storyboard",
    "generation.Criterion": "edited within its feature",
    "generation.Forecast": "added within its case",
    "generation.Frame": "the creator's own storyboard",
    "generation.Grounds": "what the dossier is compared with",
    "generation.GroundsChange": "listed in the dossier",
    "generation.PreviewLink": "on the page of its run",
    "generation.ReliefDismissal": "so that a creator is not asked again",
    "generation.RunStep": "how a run resumes",
    "generation.Scene": "the creator's own storyboard",
    "generation.Shot": "the creator's own storyboard",
    "generation.Arm": "one of those compared on the evaluation's page",
    "generation.Case": "counted in its set",
    "generation.Judgement": "counted on the evaluation's page",
    "generation.Score": "shown on the evaluation's page",
    "generation.Trial": "shown on the evaluation's page",
    "generation.Vote": "blind; counted on the evaluation's page",
    "generation.TemplateAlias": "moved on its template's page",
    "generation.TemplateRating": "given on its template's page",
    "generation.TemplateUse": "counted on its template's page",
    "generation.TemplateVersion": "read on its template's page",
    "generation.Verdict": "given on the dossier's page",
    "insights.Adjudication": "listed with its round of second coding",
    "insights.MachineReading": "counted on the assistants' page",
    "insights.Suggestion": "decided in the workspace",
    "insights.Asked": "set in the workspace",
    "crm.CreatorImportJob": "above the lists imported, with a page of its own",
    "insights.ExchangeJob": "listed on the page of exchange",
    "insights.ExternalId": "the GUIDs of exchange files",
    "insights.CodingRound": "on the page of second coding",
    "insights.CodingUnit": "read in the second coder's queue",
    "insights.CounterReading": "shown beside the counter-evidence on the pain's page",
    "insights.Highlight": "made in the workspace",
    "insights.PainChange": "the history on the codebook's page",
    "insights.Share": "on the page of shared links",
    "insights.ShareOpening": "on the page of shared links",
    "insights.TopPain": "the creator's own order, summed on the page of votes",
    "insights.UnitCode": "set in the second coder's queue",
    "insights.UnitReading": "set in the second coder's queue",
}

# Where words of, or about, a person are kept: what a withdrawal has to reach. A new text field
# belongs here or into IMPERSONAL.
PERSONAL = {
    "crm.Creator.contact",
    "crm.CreatorImportRow.after",
    "crm.CreatorImportRow.before",
    "crm.CreatorMerge.kept",
    "crm.Creator.note",
    "crm.Interview.note",
    "crm.TranscriptVersion.text",
    "crm.Utterance.text",
    "generation.Film.subtitles",
    "generation.FilmJob.error",
    "generation.FilmSettings.lexicon",
    "generation.Frame.positive",
    "generation.Frame.negative",
    "generation.Novel.text",
    "generation.Run.error",
    "generation.Shot.action",
    "generation.Shot.narration",
    "insights.Highlight.text",
    "insights.MemberCheck.correction",
    "insights.PainReport.words",
    "insights.Suggestion.text",
}
IMPERSONAL = {
    "crm.StudyMail.error",
    "crm.NoticeDelivery.error",
    "crm.NoticeHook.secret",
    "generation.FrameJob.error",
    "generation.StudioTask.error",
    "crm.DataExport.error",
    "crm.Leaving.error",
    "insights.AssistantJob.error",
    "insights.ExchangeJob.error",
    "crm.CreatorImportJob.error",
    "crm.ConsentForm.text_en",
    "crm.ConsentForm.text_zh",
    "insights.PainReport.answer",
    "crm.PlanOrder.pay_url",
    "crm.Transcription.error",
    "crm.RefundRequest.error",
    "generation.AlarmChange.sentence_en",
    "generation.AlarmChange.sentence_zh",
    "generation.AlarmNotice.error",
    "generation.AlarmPolicy.webhook_secret",
    "generation.AnswerNotice.error",
    "generation.FeatureAnswer.text_en",
    "generation.FeatureAnswer.text_zh",
    "generation.ProjectCase.ceiling_en",
    "generation.ProjectCase.ceiling_zh",
    "generation.ProjectCase.cut_in_en",
    "generation.ProjectCase.cut_in_zh",
    "generation.ProjectCase.trial_en",
    "generation.ProjectCase.trial_zh",
    "crm.Reconciliation.error",
    "crm.Redaction.error",
    "crm.TeamNotice.body",
    "crm.TeamNotice.error",
    "generation.GatePass.reason",
    "crm.GuideQuestion.text_en",
    "crm.GuideQuestion.text_zh",
    "crm.Study.question_en",
    "crm.Study.question_zh",
    "generation.Evaluation.error",
    "generation.TemplateVersion.body",
    "generation.TemplateVersion.negative",
    "generation.Feature.hypothesis_en",
    "generation.Feature.hypothesis_zh",
    "generation.Verdict.why",
    "insights.PainPoint.description_en",
    "insights.PainPoint.description_zh",
}

# Every task of ours, and why a second delivery of the same message does no harm.
IDEMPOTENT = {
    "generation.tasks.frames_execute_task": "claims the batch; a frame is once a job, shot and throw",
    "generation.tasks.frames_sweep_task": "puts back only what shows no life",
    "generation.tasks.studio_task_execute_task": "claims the row; its file has the row's number",
    "generation.tasks.studio_tasks_sweep_task": "puts back only what shows no life",
    "crm.tasks.changes_fold_task": "adds up what is there; the sums stay what they are",
    "generation.tasks.evaluation_execute_task": "works only on one that waits; ended trials stay",
    "generation.tasks.evaluations_sweep_task": "puts back only what shows no life",
    "generation.tasks.evaluation_results_task": "computes from the rows what it computed before",
    "generation.tasks.grounds_check_task": "a change that is known is neither kept nor told again",
    "crm.tasks.checkout_sweep_task": "queues only refunds and test notices that still wait",
    "crm.tasks.practice_deliver_task": "the endpoint books one notice once; taken ones are not sent",
    "crm.tasks.refund_send_task": "takes the row by conditional update; providers know our number",
    "generation.tasks.film_execute_task": "works only on a film that waits, by conditional update",
    "generation.tasks.films_sweep_task": "puts back only what shows no life",
    "generation.tasks.voice_samples_task": "says only what is not kept yet",
    "generation.tasks.alarm_check_task": "a change is kept once, under the settings' row lock",
    "generation.tasks.alarm_notice_task": "sends only what waits, by conditional update",
    "generation.tasks.alarm_notices_task": "only queues what is due",
    "generation.tasks.answer_notice_task": "sends only what waits, by conditional update",
    "generation.tasks.answer_notices_task": "only queues what is due",
    "crm.tasks.creator_notice_task": "sends only what waits, by conditional update",
    "crm.tasks.creator_notices_task": "only queues what is due",
    "generation.tasks.notices_by_time_task": "each link and each quote is told of once, by its key",
    "crm.tasks.study_mail_task": "sends only what waits and is due, by conditional update",
    "crm.tasks.study_mails_task": "only queues what is due",
    "crm.tasks.paying_refresh_task": "works off notes of what changed, a batch a transaction",
    "crm.tasks.recordings_sweep_task": "puts back only what shows no life, removes only what is lost",
    "crm.tasks.transcription_execute_task": "works only on a job that waits; heard pieces are kept",
    "crm.tasks.data_export_task": "works only on a copy that waits, by conditional update",
    "crm.tasks.leaving_task": "works only on a deletion that waits; what is gone is not there twice",
    "crm.tasks.own_data_sweep_task": "puts back only what shows no life",
    "generation.tasks.novel_purge_task": "a purged novel has nothing left to remove",
    "generation.tasks.files_sweep_task": "a file that is gone is not found again",
    "generation.tasks.novels_purge_task": "only queues what is deleted and still stored",
    "crm.tasks.redaction_execute_task": "works only on a redaction that waits; black stays black",
    "crm.tasks.redactions_sweep_task": "puts back only what shows no life",
    "crm.tasks.reconciliation_task": "works only on a comparison that waits; its lines are written once",
    "crm.tasks.reconciliations_sweep_task": "puts back only what shows no life",
    "crm.tasks.roster_job_task": "claims the job; its work and its end are one transaction",
    "crm.tasks.roster_jobs_sweep_task": "puts back what lost its worker; a job is claimed once",
    "crm.tasks.team_notices_task": "tells of a provider once in six hours, under a lock",
    "crm.tasks.team_notice_task": "sends only what waits, by conditional update",
    "generation.tasks.money_keep_task": "makes what is not kept yet and keeps it",
    "generation.tasks.dossiers_keep_task": "makes what is not kept yet and keeps it",
    "insights.tasks.assistant_job_task": "works only on a job that waits, by conditional update",
    "insights.tasks.exchange_job_task": "claims the job; its work and its end are one transaction",
    "insights.tasks.exchange_jobs_sweep_task": "puts back what lost its worker; a job is claimed once",
    "insights.tasks.assistant_jobs_sweep_task": "puts back only what shows no life",
    "generation.tasks.run_execute_task": "works only on a run that waits, by conditional update",
    "generation.tasks.chapters_share_task": "takes free chapters only, by conditional update",
    "generation.tasks.paid_calls_sweep_task": "frees or doubts only what is past its lease",
    "generation.tasks.runs_sweep_task": "puts back only what shows no life",
}

# Chinese in code that is no message to anybody: lexicons of the pure rooms, and these.
LEXICONS = [
    "config/sample", "crm/bills", "crm/rosters", "crm/transcripts", "generation/story", "generation/frames",
    "generation/film", "generation/prompts", "engines/decoding.py", "config/local",
]  # fmt: skip
SPOKEN = {
    "crm/consent_words.py": "the first consent form, in both languages",
    "generation/views/welcome.py": "platforms by the names that they have",
    "generation/services/starter.py": "the title of the story that everybody begins with",
    "config/skin.py": "the language switch names each language in itself",
    "crm/management/commands/import_payments.py": "a column of a Chinese bill, as an example",
    "generation/management/commands/storyboard.py": "剪映, the program's own name",
    "crm/services/interviews.py": "names that transcribers give to the interviewer",
    "insights/exchange/turns.py": "the full-width colon behind a speaker's name",
    "insights/services/qda/people.py": "how Chinese files name our variables and tiers",
    "insights/assistants/offline.py": "pairs of characters that ask rather than name",
    "insights/exchange/tables.py": "full-width signs that begin a formula",
    "config/fill/words.py": "what invented creators say",
    "generation/services/character_looks.py": "the commas between the words of a Chinese look",
    "generation/services/voicing.py": "what a sample of a voice says",
    "engines/speech/edge.py": "the voices' own names",
    "engines/speech/kokoro.py": "the voices' own names, marks, and how Chinese says a letter",
    "engines/documents.py": "what word processors call the style of a heading",
}


def our_models() -> list[type[models.Model]]:
    return [
        model for name in (*APPS, "engines") for model in apps.get_app_config(name).get_models()
    ]


@pytest.mark.parametrize("app", APPS)
def test_foreign_keys_of_an_app_point_only_downwards(app: str) -> None:
    allowed = {*APPS[: APPS.index(app) + 1], "engines", "auth", "contenttypes"}

    upward = [
        f"{model.__name__}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and isinstance(field.related_model, type)
        and field.related_model._meta.app_label not in allowed
    ]

    assert upward == []


def test_import_contracts_hold() -> None:
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program is not None, "import-linter is missing: make setup-dev"

    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_model_is_in_the_admin_or_listed_as_internal() -> None:
    shown = {model._meta.label for model in admin.site._registry}
    ours = {model._meta.label for model in our_models()}

    assert ours - shown == set(INTERNAL)


def test_every_text_field_is_sorted_into_personal_or_impersonal() -> None:
    found = {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.TextField)
    }

    assert found == PERSONAL | IMPERSONAL
    assert not PERSONAL & IMPERSONAL


def test_contacts_are_kept_encrypted() -> None:
    field = apps.get_model("crm.Creator")._meta.get_field("contact")

    assert isinstance(field, EncryptedTextField)


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_task_says_why_running_twice_does_no_harm() -> None:
    current_app.loader.import_default_modules()
    ours = {name for name in current_app.tasks if name.split(".")[0] in ROOMS}

    assert ours == set(IDEMPOTENT)


@pytest.mark.django_db
def test_the_run_task_run_twice_leaves_what_running_it_once_left() -> None:
    run = RunFactory(frame_engine="none", wants_film=False)

    first = run_execute_task(run.pk)
    after_first = Run.objects.filter(pk=run.pk).values().get()
    second = run_execute_task(run.pk)

    assert first == Run.State.DONE
    assert second == "not_waiting"
    assert Run.objects.filter(pk=run.pk).values().get() == after_first


@pytest.mark.django_db
def test_the_sweep_task_run_twice_puts_a_run_back_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(run_execute_task, "delay", sent.append)
    RunFactory(state=Run.State.DONE)
    waiting = RunFactory()

    assert runs_sweep_task() == 0  # too young to be lost
    before = Run.objects.order_by("pk").values()
    assert runs_sweep_task() == 0
    assert list(Run.objects.order_by("pk").values()) == list(before)
    assert sent == []
    assert waiting.state == Run.State.QUEUED


def templates() -> list[Path]:
    folders = [Path(folder) for folder in settings.TEMPLATES[0]["DIRS"]]
    folders += [ROOT / room / "templates" for room in ROOMS]
    return sorted(path for folder in folders for path in folder.rglob("*.html"))


def test_there_are_templates_to_look_at() -> None:
    assert len(templates()) > 20


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_template_compiles_and_holds_neither_styles_nor_raw_text_nor_chinese(path: Path) -> None:
    root = next(parent for parent in path.parents if parent.name == "templates")
    text = re.sub(r"{#.*?#}|{% comment .*?endcomment %}", "", path.read_text("utf-8"), flags=re.S)

    get_template(str(path.relative_to(root)))

    assert not re.search(r"\sstyle\s*=", text), "inline style: the portal's policy refuses it"
    assert not re.search(r"\|\s*safe\b|{%\s*autoescape off", text), "text goes out unescaped"
    assert not re.search(r"\son\w+\s*=\s*[\"']", text), "inline script: the policy refuses it"
    words = re.sub(r"{%\s*(translate|blocktranslate).*?%}", "", text)
    assert not CHINESE.search(words.replace("中文", "").replace("中", "")), "a message to translate"


def test_the_template_rules_bite(tmp_path: Path) -> None:
    for text in ('<p style="x">', "{{ a|safe }}", '<a onclick="x()">', "<p>你好</p>"):
        folder = tmp_path / "templates"
        folder.mkdir(exist_ok=True)
        rules = [r"\sstyle\s*=", r"\|\s*safe\b", r"\son\w+\s*=\s*[\"']", CHINESE.pattern]
        assert any(re.search(rule, text) for rule in rules)


def python_files() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name and not name.startswith(tuple(LEXICONS)):
                yield path


def chinese_literals(source: str) -> list[str]:
    """String constants with Chinese in them, docstrings left out."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and CHINESE.search(node.value)
    ]


def test_messages_in_code_are_english_and_translated_by_the_catalogue() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): chinese_literals(path.read_text("utf-8"))
        for path in python_files()
    }

    assert {name: texts for name, texts in found.items() if texts and name not in SPOKEN} == {}


def test_the_message_rule_sees_a_literal_and_leaves_docstrings_alone() -> None:
    assert chinese_literals('def f():\n    """剪映"""\n    return "你好"') == ["你好"]


def test_no_module_is_called_after_nothing() -> None:
    vague = {"utils.py", "helpers.py", "common.py", "core.py", "misc.py"}

    assert [path for path in python_files() if path.name in vague] == []
