"""The promise of docs/how/mail-delivery.md, against killed runs and runs at the same time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.mail.kill_counts import at_once, killed


@pytest.mark.kill
def test_killed_between_any_two_steps_no_item_is_lost_and_one_case_repeats(tmp_path: Path) -> None:
    found = killed(tmp_path, 200)
    assert found.kills > 300
    assert found.places > 40
    assert found.in_doubt > 5  # the case is met, not avoided
    assert found.too_many == found.lost == found.told_wrong == found.unfinished == 0
    assert found.items_twice == 0
    assert found.unexplained == 0
    assert found.repeats <= found.in_doubt
    assert found.broken_off == 50
    assert found.told_again > 0


@pytest.mark.kill
def test_two_runs_at_once_send_each_mail_once(tmp_path: Path) -> None:
    found = at_once(tmp_path, 50)
    assert found.mails == 50 * 2, "one for each person, over both pilots"
    assert found.repeats == found.too_many == found.lost == found.unfinished == 0
    assert found.items_twice == found.told_wrong == 0
