"""Models that stay loaded, so that going back and forth between front-ends costs nothing. No Qt."""

from __future__ import annotations

from typing import Final

from motionapp import assembly
from motionapp.core.models import Models
from motionapp.settings import AnalysisSettings

MOST_MODELS: Final = 6


class Loaded:
    """Loads models when they are first asked for; the oldest of too many goes.

    Parameters
    ----------
    threads : int
        Of networks.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._known: dict[tuple[object, ...], Models] = {}

    def __len__(self) -> int:
        return len(self._known)

    def of(self, settings: AnalysisSettings) -> Models:
        """The same object for the same model: another one would end the open events.

        Raises
        ------
        MotionAppError
            They cannot be used, or not by these settings, as `assembly.load_models` says.
        """
        recognition = settings.recognition
        key = (
            settings.frontend, settings.people, settings.pose.model,
            recognition.classifier, recognition.threshold, recognition.prior,
        )  # fmt: skip
        models = self._known.get(key)
        if models is not None:
            assembly.check_hold(settings, models)  # which loading does, too
            return models
        models = assembly.load_models(settings, threads=self._threads)
        while len(self._known) >= MOST_MODELS:
            del self._known[next(iter(self._known))]
        self._known[key] = models
        return models
