"""What can go wrong between this machine and the others."""

from __future__ import annotations

from motionapp.core.errors import MotionAppError


class ClusterError(MotionAppError):
    """A scheduler cannot be used: nothing has been begun."""

    exit_code = 2


class ClusterLost(MotionAppError):
    """The scheduler or its workers have gone in the midst of the work; the next run goes on."""

    exit_code = 4


class WorkerUnfit(MotionAppError):
    """A worker is not what the batch needs: another version, another model, another disk."""

    exit_code = 2
