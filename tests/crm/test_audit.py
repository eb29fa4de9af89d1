"""The chain: an act and its record stand or fall together, and nothing recorded is changed later."""

import hashlib
import json
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from crm import audit
from crm.models import AuditEntry
from tests.conftest import Person
from tests.factories.crm import CreatorFactory

UNGUARDED = "ALTER TABLE crm_auditentry DISABLE TRIGGER USER"


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def chain(alice: Person) -> list[AuditEntry]:
    """Five entries, with Chinese, an emoji and a number as their facts."""
    return [
        audit.record(
            "creator.renamed",
            alice.as_creator,
            actor=alice.user,
            data={"from": f"墨{n}", "to": "𠮷野家😀", "n": n},
        )
        for n in range(5)
    ]


def test_each_entry_names_the_hash_of_the_one_before(chain: list[AuditEntry]) -> None:
    assert chain[0].previous == audit.GENESIS
    assert [entry.previous for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]


def test_an_untouched_chain_verifies_and_tells_its_head(chain: list[AuditEntry]) -> None:
    report = audit.verify()

    assert (report.ok, report.entries, report.head, report.first_bad) == (
        True,
        5,
        chain[-1].hash,
        None,
    )


def test_the_hash_can_be_computed_from_the_row_by_anybody(chain: list[AuditEntry]) -> None:
    row = AuditEntry.objects.get(pk=chain[2].pk)
    facts = {
        "action": row.action,
        "actor": row.actor_id,
        "at": row.at.isoformat(timespec="microseconds"),
        "data": {"from": "墨2", "n": 2, "to": "𠮷野家😀"},
        "object_id": row.object_id,
        "object_type": "crm.creator",
    }
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    assert row.hash == hashlib.sha256(f"{row.previous}\n{text}".encode()).hexdigest()


def test_outside_a_transaction_nothing_can_be_recorded(transactional_db: None) -> None:
    creator = CreatorFactory()

    with pytest.raises(TransactionManagementError):
        audit.record("creator.renamed", creator)

    assert not AuditEntry.objects.exists()


def test_an_entry_goes_with_the_act_that_is_rolled_back(chain: list[AuditEntry]) -> None:
    with transaction.atomic():
        audit.record("creator.renamed", CreatorFactory())
        transaction.set_rollback(True)

    assert audit.verify().entries == 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE crm_auditentry SET action = 'x' WHERE id = %s",
        "DELETE FROM crm_auditentry WHERE id = %s",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(
    chain: list[AuditEntry], statement: str
) -> None:
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        sql(statement, chain[2].pk)

    assert audit.verify().ok


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE crm_auditentry SET action = 'creator.forgotten' WHERE id = %s", 2),
        ("UPDATE crm_auditentry SET data = '{\"n\": 3}' WHERE id = %s", 2),
        ("UPDATE crm_auditentry SET at = at + interval '1 microsecond' WHERE id = %s", 2),
        ("UPDATE crm_auditentry SET actor_id = NULL WHERE id = %s", 2),
        ("UPDATE crm_auditentry SET object_id = '0' WHERE id = %s", 2),
        ("UPDATE crm_auditentry SET hash = repeat('a', 64) WHERE id = %s", 2),
        ("DELETE FROM crm_auditentry WHERE id = %s", 3),
    ],
)
def test_without_the_trigger_a_change_is_found_and_its_row_named(
    chain: list[AuditEntry], statement: str, bad: int
) -> None:
    """The control of both guards: the trigger off, the tampering goes in, the chain tells."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(UNGUARDED)
    sql(statement, chain[2].pk)

    report = audit.verify()

    assert not report.ok
    assert report.first_bad == chain[bad].pk


def test_a_row_slipped_in_between_is_found(chain: list[AuditEntry]) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(UNGUARDED)
    sql("UPDATE crm_auditentry SET id = id + 1 WHERE id = %s", chain[4].pk)
    forged = AuditEntry(
        pk=chain[4].pk,
        action="creator.renamed",
        object_type="crm.creator",
        object_id="1",
        data={},
        at=chain[3].at,
        previous="b" * 64,
    )
    forged.hash = audit.digest(forged)
    forged.save(force_insert=True)

    assert audit.verify().first_bad == forged.pk


def test_a_cut_tail_shows_in_the_head_and_in_the_count(chain: list[AuditEntry]) -> None:
    """The rest still fits, so a head written down elsewhere is what tells."""
    head = audit.verify().head
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(UNGUARDED)
    sql("DELETE FROM crm_auditentry WHERE id = %s", chain[4].pk)

    report = audit.verify()

    assert report.ok
    assert report.head != head
    assert report.entries == 4


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_unbroken_chain() -> None:
    creator = CreatorFactory()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(5):
                with transaction.atomic():
                    audit.record("creator.renamed", creator)
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failures == []
    assert (audit.verify().ok, audit.verify().entries) == (True, 20)
