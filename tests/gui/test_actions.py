"""The table of actions."""

from __future__ import annotations

from collections import Counter

from motionapp.gui.actions import ACTIONS, DOCK_KEY, EVENTS, MENUS, key_sheet


def test_no_two_actions_have_one_key_of_which_qt_would_do_neither() -> None:
    keys = Counter(key for action in ACTIONS for key in action.keys)

    assert [key for key, count in keys.items() if count > 1] == []
    assert len({action.key for action in ACTIONS}) == len(ACTIONS)


def test_keys_of_docks_are_no_action_s() -> None:
    taken = {key for action in ACTIONS for key in action.keys}

    assert taken.isdisjoint(DOCK_KEY.format(number=number) for number in range(1, 10))


def test_the_sheet_has_every_key_below_its_menu() -> None:
    sheet = dict(key_sheet())

    assert list(sheet) == [*MENUS, ""]
    assert (("G",), "Go there") in sheet[EVENTS]
    listed = {key for rows in sheet.values() for keys, _ in rows for key in keys}
    assert listed >= {key for action in ACTIONS for key in action.keys}
