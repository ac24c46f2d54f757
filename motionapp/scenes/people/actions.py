"""The ten named actions: which pose, in what time, over what way.

Tempo, stride and amplitude follow people filmed at 25 frames per second (the silhouettes of
"Actions as Space-Time Shapes", Gorelick et al., TPAMI 2007): a walker's cycle takes 1.08 s and
0.75 of his stature, a hop 0.48 s and half of it, and so on. Movements that are none of the ten
are in `gestures`.
"""

from __future__ import annotations

from typing import Final

from motionapp.scenes.people import in_place, travelling
from motionapp.scenes.people.style import Action

ACTIONS: Final[dict[str, Action]] = {
    "bend": Action(in_place.bend, 2.75, view="side"),
    "jack": Action(in_place.jack, 1.08),
    "jump": Action(travelling.jump, 0.50, travelling.STRIDE_JUMP, view="side"),
    "pjump": Action(in_place.pjump, 0.655),
    "run": Action(travelling.run, 0.81, travelling.STRIDE_RUN, view="side"),
    "side": Action(travelling.side, 0.60, travelling.STRIDE_SIDE, sideways=True),
    "skip": Action(travelling.skip, 0.485, travelling.STRIDE_SKIP, view="side"),
    "walk": Action(travelling.walk, 1.08, travelling.STRIDE_WALK, view="side"),
    "wave1": Action(in_place.wave1, 1.15),
    "wave2": Action(in_place.wave2, 1.14),
}
STAND: Final = Action(in_place.stand, 1.0)
