"""What could not be read, as a value and as a sentence."""

from __future__ import annotations

from motionapp.core.seams import Damage


def test_the_sentence_names_the_lost_seconds() -> None:
    damage = Damage("invalid data.", lost=((1.0, 1.5), (4.0, 4.25)), flagged_frames=2)

    assert damage.is_partial
    assert damage.sentence("a.mp4") == (
        "a.mp4 could be read in part only: invalid data; "
        "0.75 s are lost (1.00 to 1.50 s, 4.00 to 4.25 s); 2 pictures are damaged"
    )


def test_of_many_lost_stretches_a_few_are_named() -> None:
    damage = Damage(lost=tuple((float(s), s + 0.5) for s in range(7)))

    assert damage.sentence("a.mp4").endswith("4.00 to 4.50 s and 2 more)")


def test_repeated_time_stamps_are_no_damage() -> None:
    assert not Damage(dropped_stamps=7).is_partial
