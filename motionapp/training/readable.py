"""Which recordings of a data set can be read: one that cannot is left out, and told by name.

Knows what was found out about each of them; opening and reading them is for others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from motionapp.core.errors import DataSetError
from motionapp.core.seams import Damage
from motionapp.recognition.dataset import DataSet, Sample
from motionapp.training.progress import Progress


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A recording, or a stretch of it, that is left out."""

    sample: Sample
    reason: str
    """In words, with the recording's name as the data set writes it."""


class Readings:
    """What came of reading the recordings of a data set; says each thing once.

    Parameters
    ----------
    data : DataSet
        With all recordings.
    progress : Progress
        Is told what is left out, and what is damaged.
    """

    def __init__(self, data: DataSet, progress: Progress) -> None:
        self._data, self._progress = data, progress
        self._failed: dict[str, str] = {}
        """Why, by recording."""
        self._damaged: set[str] = set()

    def fail(self, sample: Sample, error: Exception | str) -> None:
        """A sample's recording cannot be read."""
        # The path of whoever trains is nobody's business who is shown the figures.
        reason = str(error).replace(str(sample.path), sample.name)
        if self.holds(sample):
            self._failed[sample.recording] = reason
            self._progress.say(f"warning: {sample.name} is left out: {reason}")

    def lose(self, sample: Sample, damage: Damage) -> None:
        """Of a sample's recording, only a part can be read, or all."""
        if damage.is_partial and sample.recording not in self._damaged:
            self._damaged.add(sample.recording)
            self._progress.say(f"warning: {damage.sentence(sample.name)}")

    def holds(self, sample: Sample) -> bool:
        """Whether nothing has failed about a sample's recording so far."""
        return sample.recording not in self._failed

    def left(self) -> DataSet:
        """The data set without what cannot be read.

        Raises
        ------
        DataSetError
            Nothing is left of a label, `unknown` among them.
        """
        if not self._failed:
            return self._data
        samples = tuple(filter(self.holds, self._data.samples))
        seen = {sample.label for sample in samples}
        for sample in self._data.samples:
            if sample.label not in seen:
                raise DataSetError(
                    f"no recording of {sample.label} in the data set {self._data.path} can be "
                    f"read: {sample.name} is left out: {self._failed[sample.recording]}"
                )
        return replace(self._data, samples=samples)

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """What is left out, in the order of the data set."""
        return tuple(
            Unreadable(sample, self._failed[sample.recording])
            for sample in self._data.samples
            if not self.holds(sample)
        )
