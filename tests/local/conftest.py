from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.installation import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home")
    yield made
    made.close()
