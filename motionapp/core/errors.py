"""What can go wrong, as one tree.

::

    MotionAppError              exit 1   an error of the program itself
     +- SettingsError           exit 2   also a ValueError
     +- ModelError              exit 2   also a ValueError
     +- DataSetError            exit 2   also a ValueError
     +- MissingExtraError       exit 2   also an ImportError
     +- DisplayError            exit 2   also an OSError
     +- SourceError             exit 4   also an OSError
     +- OutputError             exit 5   also an OSError

Every message is a sentence for the person who runs the program: what, which file or setting,
what to do. Damaged input is no error but a fact about the input, and is not in this tree.
"""

from typing import ClassVar

from motionapp.core.bundle import is_bundle


class MotionAppError(Exception):
    """Base of all errors that motionapp raises on purpose."""

    exit_code: ClassVar[int] = 1


class SettingsError(MotionAppError, ValueError):
    """A setting, an option or the way they were combined cannot be used."""

    exit_code = 2


class ModelError(MotionAppError, ValueError):
    """A model file is missing, broken, without a contract, or does not fit the front-end."""

    exit_code = 2


class DataSetError(MotionAppError, ValueError):
    """A data set for training or evaluation cannot be read or split as asked."""

    exit_code = 2


class MissingExtraError(MotionAppError, ImportError):
    """An optional part is not installed; the message has the line that installs it."""

    exit_code = 2

    def __init__(self, what: str, extra: str) -> None:
        line = f'pip install "motionapp[{extra}]"'
        lack = "what is not in this bundle; in a Python of your own" if is_bundle() else "an extra"
        super().__init__(f"{what} needs {lack}: {line}")


class DisplayError(MotionAppError, OSError):
    """A window cannot be opened here: there is no screen, or system libraries are missing."""

    exit_code = 2


class SourceError(MotionAppError, OSError):
    """A source cannot be opened or read at all."""

    exit_code = 4


class OutputError(MotionAppError, OSError):
    """A result cannot be written."""

    exit_code = 5
