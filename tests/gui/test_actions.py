"""The table of actions."""

from __future__ import annotations

from collections import Counter

from motionapp.gui.actions import ACTIONS


def test_no_two_actions_have_one_key_of_which_qt_would_do_neither() -> None:
    keys = Counter(key for action in ACTIONS for key in action.keys)

    assert [key for key, count in keys.items() if count > 1] == []
    assert len({action.key for action in ACTIONS}) == len(ACTIONS)
