"""Every route of the house, before and after a withdrawal: the canary quote is gone."""

import re
from collections.abc import Collection

from django.db import connection

from crm.models import Redaction
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.redactions import redaction_execute
from tests.access.table import TABLE
from tests.access.walk import Audience, NoRow, asked, got_by_owners, routes, row_of, visit
from tests.access.world import CANARIES, World

# Where the team and the creator read what was said; withdrawn quoting leaves these alone.
READING = {
    "portal:interview",
    "portal:voice",
    "admin:insights_painreport_change",
    "admin:insights_painreport_changelist",
    "admin:insights_painreport_history",
    "api:own-interview-transcript",
    "api:interview-transcript",
    "api:search",
    "admin:crm_transcription_review",
    "admin:insights_pulse",
    "admin:insights_round_read",
    "admin:insights_search",
    "admin:insights_workspace",
}


def speaking(world: World) -> set[str]:
    """Every route that shows whom it is for the words before a withdrawal."""
    found = {
        name for name, got in got_by_owners(world, TABLE).items() if "speech" in got.answer.canaries
    }
    assert {name for name, row in TABLE.items() if "speech" in row.shows} <= found
    return found


def shows_speech(world: World, among: Collection[str]) -> set[str]:
    """The routes `among` these that show somebody the words of alice's interview."""
    found = set()
    for route in routes():
        if route.name not in among:
            continue
        try:
            row, url = row_of(route, TABLE, world)
        except NoRow:
            continue
        # Whom a route is for; that nobody else is shown anything, test_access sees to.
        person = world.staff if row.audience is Audience.TEAM else world.alice
        if "speech" in visit(person.client, "GET", asked(row, url, world)).canaries:
            found.add(route.name)
    return found


def withdraw(world: World, what: str, *, execute: bool) -> None:
    redaction = consent_withdraw(creator=world.alice.as_creator, purposes=WITHDRAWALS[what])
    if execute:
        assert redaction_execute(redaction.pk) == Redaction.State.DONE


def test_a_withdrawn_record_is_shown_by_no_route_from_the_commit_on(world: World) -> None:
    spoke = speaking(world)
    told = {route.name for route in routes() if re.search("redact|withdraw|consent", route.name)}

    withdraw(world, "record", execute=False)

    assert shows_speech(world, spoke | told) == set()


def test_withdrawn_quoting_leaves_only_the_transcript_itself(world: World) -> None:
    spoke = speaking(world)

    withdraw(world, "quotes", execute=True)

    assert shows_speech(world, spoke) <= READING


def test_what_is_stored_of_the_words_is_gone_from_every_table(world: World) -> None:
    """Beyond the routes: no column of any table of ours holds the canary any more."""
    assert snapshot_holds(CANARIES["speech"])

    withdraw(world, "record", execute=True)

    assert snapshot_holds(CANARIES["speech"]) == []


def snapshot_holds(words: str) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*) FROM {quoted} t WHERE position(%s in t::text) > 0", [words]
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found
