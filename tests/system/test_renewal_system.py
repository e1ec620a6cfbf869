"""A hundred bodies by chance, taken in step by step: each build that starts from the last has the tables of a whole
one. Would catch a figure that stands although something it rests on has changed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixtures.random_bodies import Chance, build_both, candidate
from warehouse import release
from warehouse.builder import steps
from warehouse.workspace import Workspace

pytestmark = pytest.mark.system


@pytest.mark.parametrize("seed", [2, 3])
def test_a_hundred_bodies_in_any_order(tmp_path: Path, seed: int) -> None:
    chance = Chance(Workspace(tmp_path / "data"), seed)
    for _ in range(80):
        chance.add()
    steps.publish(candidate(chance.workspace, tmp_path / "none"))
    for _ in range(3):
        for _ in range(chance.draw.randint(1, 9)):
            chance.add()
        for _ in range(chance.draw.randint(0, 3)):
            chance.decide()
        before = release.current(chance.workspace)
        assert before is not None
        assert build_both(chance.workspace, tmp_path / "none") == ([], before.name)
