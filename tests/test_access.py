"""Everybody at every door: strangers get nothing of alice's, the owner gets what is hers."""

import pytest
from tests.access.table import TABLE
from tests.access.walk import routes, snapshot, walk
from tests.access.world import World, build_world
from tests.conftest import Person


@pytest.fixture
def world(alice: Person, charlie: Person, bob: Person, staff: Person) -> World:
    return build_world(alice, charlie, bob, staff)


def test_every_url_is_closed_to_strangers_and_open_to_its_owner(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot()

    report = walk(world, TABLE, routes())
    open("/tmp/walkjob/findings.txt", "w").write("\n".join([str(report.visits), *report.findings]))

    assert report.findings == []
    assert snapshot() == before
