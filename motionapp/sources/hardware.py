"""Graphics chips that decode in place of the processor, where there is one and it can.

What a chip gives may differ from FFmpeg in the last bit, so nobody is given it unasked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import av
from av.codec.hwaccel import HWAccel, hwdevices_available

from motionapp.core.errors import MotionAppError

if TYPE_CHECKING:
    from collections.abc import Callable

    from av.container import InputContainer
    from av.video.stream import VideoStream

    Opener = Callable[[HWAccel | None], tuple[InputContainer, VideoStream]]

NONE: Final = "none"
"""The processor decodes."""
AUTO: Final = "auto"
"""The first kind of chip that can."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """What decodes a recording."""

    device: str = NONE
    """FFmpeg's name of the kind of chip: ``cuda``, ``vaapi``, ``videotoolbox``..."""
    note: str = ""
    """What is told of it; empty where nothing else was asked for."""

    @property
    def accelerator(self) -> HWAccel | None:
        """For opening a recording; None where the processor decodes."""
        return None if self.device == NONE else make(self.device)


SOFTWARE: Final = Decoding()


def devices() -> list[str]:
    """The kinds of chips that this FFmpeg knows, whether they are there or not."""
    return list(hwdevices_available())


def make(device: str) -> HWAccel | None:
    """What PyAV opens a recording with."""
    return HWAccel(device, allow_software_fallback=False)


def is_at_work(stream: VideoStream) -> bool:
    """Whether a chip decodes an opened stream."""
    return bool(stream.codec_context.is_hwaccel)


def tried(wanted: str, open_with: Opener) -> Decoding:
    """What is to decode a recording: found out with its first picture.

    Parameters
    ----------
    wanted : str
        One of `devices`, `AUTO` or `NONE`.
    open_with : callable
        Opens the recording.

    Returns
    -------
    Decoding
        The processor, and a sentence that says why, where no chip that is wanted can.
    """
    if wanted == NONE:
        return SOFTWARE
    reasons = []
    for device in devices() if wanted == AUTO else [wanted]:
        why = _why_not(device, open_with)
        if not why:
            return Decoding(device, f"decoded by hardware ({device})")
        reasons.append(f"{device}: {why}")
    told = "; ".join(reasons) or "FFmpeg knows no kind of chip here"
    return Decoding(NONE, f"decoded in software, as no hardware can ({told})")


def _why_not(device: str, open_with: Opener) -> str:
    """Why a kind of chip cannot decode a recording; empty where it can."""
    if device not in devices():
        return f"not known to this FFmpeg, which knows {', '.join(devices()) or 'none'}"
    try:
        container, stream = open_with(make(device))
        with container:
            if not is_at_work(stream):
                return "not for pictures coded like these"
            picture = next(container.decode(stream), None)
    except (av.FFmpegError, MotionAppError, OSError, RuntimeError, ValueError) as error:
        return _words(error)
    return "" if picture is not None else "no picture came of it"


def _words(error: Exception) -> str:
    # The recording itself has been read before: what is refused is the chip.
    if isinstance(error, PermissionError) or isinstance(error.__cause__, PermissionError):
        return "there is none that may be used"
    if "no stream is compatible" in str(error):
        return "not for pictures coded like these"
    reason = getattr(error, "strerror", None) or str(error)
    return reason[:1].lower() + reason[1:]
