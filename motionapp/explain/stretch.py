"""The stretch of a recording round one instant: read once, asked as often as one likes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from motionapp.analysis import Analysis
from motionapp.assembly import open_source
from motionapp.core.contract import ModelContract
from motionapp.core.errors import SettingsError, SourceError
from motionapp.core.frame import ANALYSIS_WIDTH_PX, Frame
from motionapp.core.models import NO_MODELS, Models
from motionapp.explain.inquiry import WITHIN_S, Answer, Inquiry
from motionapp.explain.place import Place
from motionapp.frontends import registry
from motionapp.runtime.span import LEAD_IN_S, lead_in_for
from motionapp.runtime.vectors import ask_vectors
from motionapp.runtime.walk import walk
from motionapp.settings.tree import AnalysisSettings
from motionapp.steady.stretch import deep_of

BEFORE_S = 5.0
"""So long before the instant everything behind the gate runs, too."""

AFTER_S = 10.0
"""An event that goes on is followed for so long: by then it has its label."""

SETTLED_S = 4.0
"""Without an open event, nothing more can become of the instant after so long."""

IN_COLOUR = ("pose", "background")
"""Front-ends that look at more than the small grey picture."""

MOST_KEPT_BYTES = 64 << 20
"""Of small pictures; a stretch that needs more is read anew for each question."""


class NotWanted(Exception):
    """The answer is not wanted any longer."""


class _KeptLuma:
    """The small picture of a frame alone: the whole one would pin the decoder's buffer."""

    def __init__(self, luma: NDArray[np.uint8], level: int) -> None:
        self._luma = luma if level else luma.copy()
        self._level = level

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """The kept picture; nobody who is content with it looks at another level."""
        assert level == self._level
        return self._luma

    def bgr(self) -> NDArray[np.uint8]:
        """Not kept."""
        raise AssertionError("only the grey picture at analysis scale was kept")


class Stretch:
    """Asks about one instant of a recording, with any settings.

    Parameters
    ----------
    spec : str
        What `open_source` understands.
    at_s : float
        The instant, in seconds from the first frame.
    place : Place, optional
        Only what is near it is asked about.
    is_wanted : callable
        Asked before each frame that is read or looked at.

    Raises
    ------
    SourceError
        It cannot be read, or never ends.
    SettingsError
        The instant lies before the first picture.
    """

    def __init__(
        self,
        spec: str,
        at_s: float,
        *,
        place: Place | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        if not at_s >= 0:
            raise SettingsError(f"--at {at_s:g}: a recording begins at 0")
        self.spec, self.at_s, self._place = spec, at_s, place
        self._is_wanted = is_wanted
        self._source = open_source(spec, decode_threads=1)
        if self._source.info.is_live:
            self._source.close()
            raise SourceError(f"{self._source.info.name} has its own clock: ask about a recording")
        self._from_s = max(0.0, at_s - LEAD_IN_S - BEFORE_S)
        self._kept: list[Frame] | None = None
        self._is_long = False
        self._end_s: float | None = None

    @property
    def name(self) -> str:
        """How the source calls itself."""
        return self._source.info.name

    def close(self) -> None:
        """Let go of the recording."""
        self._source.close()

    def ask(self, settings: AnalysisSettings, models: Models = NO_MODELS) -> Answer:
        """What becomes of the instant.

        Parameters
        ----------
        settings : AnalysisSettings
        models : Models
            Those of the run that is asked about: who was found counts before leaves, too.

        Raises
        ------
        SettingsError
            The instant lies behind the last picture.
        SourceError
            Nothing can be read there.
        """
        # Whose memory has no end judges by all that there was.
        if lead_in_for(settings) == math.inf and self._from_s > 0:
            self._from_s, self._kept = 0.0, None
        while True:
            answer = self._asked(settings, models)
            began_s = None if answer.event is None else answer.event.start_s
            # What began before the lead-in was over may have begun before the stretch did.
            if began_s is None or self._from_s <= 0 or began_s > self._from_s + LEAD_IN_S:
                return answer
            self._from_s = max(0.0, self.at_s - 4 * (self.at_s - self._from_s))
            self._kept = None

    def _asked(self, settings: AnalysisSettings, models: Models) -> Answer:
        ask_vectors(self._source, settings)
        contract = None if models.recogniser is None else models.recogniser.contract
        threshold = settings.recognition.threshold
        if threshold is None:
            threshold = 0.0 if contract is None else contract.threshold
        inquiry = Inquiry(
            settings,
            self.at_s,
            labels=() if contract is None else contract.labels,
            threshold=threshold,
            place=self._place,
        )
        analysis = Analysis(settings, models, source_name=self.name)
        # People are looked for in colour, too.
        needs_all = (
            settings.frontend in IN_COLOUR
            or registry.needs_vectors(settings.frontend)
            or (models.people is not None and settings.people == "auto")
            or not _looks_at_small_pictures(contract)
        )
        for moment in walk(self._frames(needs_all=needs_all), analysis):
            if not self._is_wanted():
                raise NotWanted
            inquiry.accept(moment)
            now_s = 0.0 if moment.frame is None else moment.frame.pts_s - self.at_s
            if now_s > AFTER_S or (now_s > SETTLED_S and not inquiry.is_open):
                break  # an event that goes on is told as open
        return inquiry.answer()

    def _frames(self, *, needs_all: bool) -> Iterable[Frame]:
        """The frames of the stretch, from memory where small grey pictures are enough."""
        if needs_all or self._is_long:
            return self._read()
        if self._kept is None:
            self._kept = self._small()
        return self._read() if self._kept is None else self._kept

    def _small(self) -> list[Frame] | None:
        """The frames with their small pictures alone; None if these are too many to keep."""
        kept: list[Frame] = []
        kept_bytes = 0
        for frame in self._read():
            level = frame.epoch.level
            if deep_of(frame.pixels, level) is not None:  # what more they tell is looked at, too
                self._is_long = True
                return None
            luma = frame.luma_at(level)
            kept_bytes += luma.nbytes
            if kept_bytes > MOST_KEPT_BYTES:
                self._is_long = True
                return None
            kept.append(replace(frame, pixels=_KeptLuma(luma, level)))
        return kept

    def _read(self) -> Iterator[Frame]:
        """The frames of the recording, up to the first that is late enough to stop at."""
        for frame in self._source.frames(self._from_s):
            self._end_s = max(self._end_s or 0.0, frame.pts_s + frame.duration_s)
            if not self._is_wanted():
                raise NotWanted
            yield frame
            if frame.pts_s > self.at_s + AFTER_S:
                return
        self._check_end()

    def _check_end(self) -> None:
        end_s = self._source.info.duration_s if self._end_s is None else self._end_s
        if end_s is not None and end_s < self.at_s:
            raise SettingsError(f"--at {self.at_s:g}: {self.spec} ends at {end_s:.2f} s")
        if self._end_s is None or self._end_s < self.at_s - WITHIN_S:
            raise SourceError(f"{self.spec}: no picture round {self.at_s:g} s can be read")


def _looks_at_small_pictures(contract: ModelContract | None) -> bool:
    """Whether a network's maps are made of the pictures that the gate looks at."""
    return contract is None or contract.representation.at_most_px == ANALYSIS_WIDTH_PX
