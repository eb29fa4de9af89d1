"""Take invented data away again, and only that."""

import pgtrigger
from django.db import IntegrityError, connection, transaction

from config.fill.copying import MARK
from crm import audit
from crm.models import Study

# What a fill made, by what it wrote into it: id sets that the tables below refer to.
_SETS = (
    ("fill_creators", "SELECT id FROM crm_creator WHERE is_sample AND handle LIKE '@' || %s"),
    ("fill_novels", "SELECT id FROM generation_novel WHERE is_sample AND source_name LIKE %s"),
    (
        "fill_payments",
        "SELECT id, creator_id FROM crm_payment WHERE is_sample AND event_id LIKE %s",
    ),
)
_INTERVIEWS = "SELECT i.id FROM crm_interview i JOIN fill_creators c ON c.id = i.creator_id"
_TRANSCRIPTS = (
    "SELECT t.id FROM crm_transcriptversion t JOIN crm_interview i ON i.id = t.interview_id "
    "JOIN fill_creators c ON c.id = i.creator_id"
)
_RUNS = "SELECT r.id FROM generation_run r JOIN fill_novels n ON n.id = r.novel_id"
_CREATORS, _NOVELS = "SELECT id FROM fill_creators", "SELECT id FROM fill_novels"

# Table, column and the set its rows are in; children before their parents.
_BEFORE_PEOPLE = (
    ("generation_featurevote", "creator_id", _CREATORS),
    ("insights_painreport", "creator_id", _CREATORS),
    ("insights_toppain", "creator_id", _CREATORS),
    ("generation_relief", "creator_id", _CREATORS),
    ("generation_featureuse", "run_id", _RUNS),
    ("generation_templateuse", "run_id", _RUNS),
    ("generation_run", "id", _RUNS),
    ("generation_novel", "id", _NOVELS),
    ("insights_need", "creator_id", _CREATORS),
    ("insights_membercheck", "creator_id", _CREATORS),
    ("insights_quotelimit", "creator_id", _CREATORS),
    ("insights_evidence", "creator_id", _CREATORS),
    ("insights_asked", "interview_id", _INTERVIEWS),
    ("insights_highlight", "transcript_id", _TRANSCRIPTS),
    ("crm_utterance", "transcript_id", _TRANSCRIPTS),
    ("crm_transcriptversion", "id", _TRANSCRIPTS),
    ("crm_consent", "creator_id", _CREATORS),
    (
        "crm_studymail",
        "appointment_id",
        "SELECT a.id FROM crm_appointment a JOIN fill_creators c ON c.id = a.creator_id",
    ),
    (
        "crm_studymail",
        "invitation_id",
        "SELECT a.id FROM crm_studyinvitation a JOIN fill_creators c ON c.id = a.creator_id",
    ),
    ("crm_appointment", "creator_id", _CREATORS),
    ("crm_studyinvitation", "creator_id", _CREATORS),
    (
        "crm_incentivestep",
        "incentive_id",
        "SELECT a.id FROM crm_incentive a JOIN fill_creators c ON c.id = a.creator_id",
    ),
    ("crm_incentive", "creator_id", _CREATORS),
    ("crm_interview", "id", _INTERVIEWS),
    ("crm_payment", "id", "SELECT id FROM fill_payments"),
)
_PEOPLE = (
    (
        "crm_noticedelivery",
        "notice_id",
        "SELECT n.id FROM crm_creatornotice n JOIN fill_creators c ON c.id = n.creator_id",
    ),
    ("crm_creatornotice", "creator_id", _CREATORS),
    ("crm_noticechoice", "creator_id", _CREATORS),
    ("crm_noticehook", "creator_id", _CREATORS),
    # Kept by the ledger itself for who pays.
    ("crm_spelldue", "creator_id", _CREATORS),
    ("crm_payingspell", "creator_id", _CREATORS),
    ("crm_stepeffort", "creator_id", _CREATORS),
    ("crm_tooluse", "creator_id", _CREATORS),
    ("crm_logininvitation", "creator_id", _CREATORS),
    ("crm_payername", "creator_id", _CREATORS),
    ("crm_tierrefusal", "creator_id", _CREATORS),
    ("crm_creatorimportrow", "creator_id", _CREATORS),
    ("crm_creatormerge", "target_id", _CREATORS),
    ("crm_creatorsdiffer", "first_id", _CREATORS),
    ("crm_creatorsdiffer", "second_id", _CREATORS),
    ("crm_tierchange", "creator_id", _CREATORS),
    ("crm_payingspell", "creator_id", _CREATORS),
    ("crm_quotaentry", "creator_id", _CREATORS),
    ("crm_quotause", "creator_id", _CREATORS),
    ("crm_spelldue", "creator_id", _CREATORS),
    ("crm_creator", "id", _CREATORS),
    ("crm_study", "id", "SELECT id FROM crm_study WHERE key LIKE %s"),
)
_CODERS = "SELECT id FROM crm_user WHERE username LIKE %s"
# Of all fills together; they go with the last one.
_SHARED = (
    ("insights_painpoint", "created_by_id", _CODERS),
    ("crm_user", "id", _CODERS),
)
# The ledger's triggers know no deleting, so the balances that lost a payment are added up anew.
_BALANCES = (
    "CREATE TEMP TABLE fill_payers ON COMMIT DROP AS "
    "SELECT DISTINCT coalesce(creator_id, 0) AS id FROM fill_payments",
    "DELETE FROM crm_payerbalance WHERE coalesce(creator_id, 0) IN (SELECT id FROM fill_payers)",
    "INSERT INTO crm_payerbalance (creator_id, currency, charged, refunded, disputed, count, "
    "entries, first_at, last_at) SELECT creator_id, currency, "
    "coalesce(sum(minor) FILTER (WHERE kind = 'charge'), 0), "
    "coalesce(sum(minor) FILTER (WHERE kind = 'refund'), 0), "
    "coalesce(sum(minor) FILTER (WHERE kind = 'dispute'), 0), "
    "coalesce(sum(sign(minor)) FILTER (WHERE kind = 'charge'), 0), "
    "count(*), min(occurred_at), max(occurred_at) "
    "FROM crm_payment WHERE coalesce(creator_id, 0) IN (SELECT id FROM fill_payers) "
    "GROUP BY creator_id, currency",
)
# Nor do its notes of what has to be summed again.
_MONTHS = (
    "INSERT INTO crm_monthdue (month) "
    "SELECT DISTINCT date_trunc('month', p.occurred_at AT TIME ZONE 'Asia/Shanghai')::date "
    "FROM crm_payment p JOIN fill_payments gone ON gone.id = p.id"
)


class StillUsedError(ValueError):
    """A row that was not invented points to one that was; it is not torn out from under it."""


def remove(seed: int | None = None) -> dict[str, int]:
    """Remove one fill or, without a seed, all of them; rows removed by table.

    Workflow steps and AI tools stay: people may have used them since.
    Raises `StillUsedError` where other rows point to invented ones; then nothing is removed.
    """
    mark = f"{MARK}%" if seed is None else f"{MARK}{seed}-%"
    removed: dict[str, int] = {}
    try:
        with pgtrigger.ignore(*_protections()), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for name, select in _SETS:
                    cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {select}", [mark])
                cursor.execute(_MONTHS)
            _delete(_BEFORE_PEOPLE, mark, removed)
            with connection.cursor() as cursor:
                for statement in _BALANCES:
                    cursor.execute(statement)
            _delete(_PEOPLE, mark, removed)
            if not Study.objects.filter(key__startswith=MARK).exists():
                _delete(_SHARED, f"{MARK}coder-%", removed)
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE fill_creators, fill_novels, fill_payments, fill_payers")
            if removed:
                # No row is left that it could be about; 0 stands for the workspace.
                audit.record("workspace.fill_removed", Study(pk=0), data={"seed": seed, **removed})
    except IntegrityError as error:
        raise StillUsedError(" ".join(str(error).split())) from error
    return removed


def _delete(steps: tuple[tuple[str, str, str], ...], mark: str, removed: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        for table, column, which in steps:
            delete = f"DELETE FROM {table} WHERE {column} IN ({which}) RETURNING 1"  # noqa: S608
            counted = f"WITH gone AS ({delete}) SELECT count(*) FROM gone"  # noqa: S608  constants
            cursor.execute(counted, [mark] * which.count("%s"))
            count = int(cursor.fetchone()[0])
            if count:
                removed[table] = removed.get(table, 0) + count


def _protections() -> list[str]:
    """The triggers that forbid deleting; those that keep sums right stay on."""
    return [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, pgtrigger.Protect)
    ]
