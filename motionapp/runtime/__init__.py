"""All concurrency: hand-over between threads, the pipeline, pacing, meters, thread budget."""

from motionapp.runtime.channel import Channel
from motionapp.runtime.mailbox import Mailbox
from motionapp.runtime.metrics import Meter, Snapshot
from motionapp.runtime.pacing import Pacer
from motionapp.runtime.pipeline import Pace, Pipeline
from motionapp.runtime.place import BEGINNING, Place
from motionapp.runtime.road import Road
from motionapp.runtime.threads import ThreadPlan, apply_threads, plan_threads, usable_cores
from motionapp.runtime.viewer import View, Viewer

__all__ = [
    "BEGINNING",
    "Channel",
    "Mailbox",
    "Meter",
    "Pace",
    "Pacer",
    "Pipeline",
    "Place",
    "Road",
    "Snapshot",
    "ThreadPlan",
    "View",
    "Viewer",
    "apply_threads",
    "plan_threads",
    "usable_cores",
]
