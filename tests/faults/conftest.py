"""What every kit can ask for: a place for what it counted."""

from collections.abc import Callable
from dataclasses import asdict

import pytest

from tests.faults import counting
from tests.faults.counting import Count


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[Count], None]:
    """count(Count(…)): put a row into the table, then fail unless nothing was lost, wrong or stuck."""

    def keep(row: Count) -> None:
        request.node.user_properties.append((counting.PROPERTY, asdict(row)))
        assert row.holds, f"{counting.line(row)} (FAULTS_SEED={counting.SEED})"

    return keep
