"""What a worker is told and what it tells, as JSON: Dask carries texts of ours, and no objects.

An order is one text. While it is carried out, short documents come back: ``began``, ``started``,
``progress``, ``finished`` with the result, each with the bundle's number. What the task returns at
its end has all results once more, so that one that was lost on the way is not missed. Jobs and
results are those of a worker's pipe (`batch.protocol`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from motionapp.batch.job import Job
from motionapp.batch.protocol import Message, job_message, job_of
from motionapp.settings.tree import Settings

Told = dict[str, Any]  # one JSON document: what stands in it depends on its "type"


@dataclass(frozen=True, slots=True)
class Orders:
    """What is the same for all bundles of a batch."""

    token: str
    """Names this run among others on the same cluster."""
    settings: Settings
    network_threads: int
    needs: str
    """As `needs_text` gives them."""
    marker: str
    """A folder that shows that results can be brought home; empty where they go to an address."""
    progress_s: float
    """A worker says so often how far it is."""


@dataclass(frozen=True, slots=True)
class Order:
    """One bundle, as a worker reads it."""

    orders: Orders
    number: int
    jobs: dict[int, Job]


def order_text(orders: Orders, number: int, jobs: Mapping[int, Job]) -> str:
    """One bundle's order."""
    document = {
        "token": orders.token,
        "settings": orders.settings.model_dump(mode="json"),
        "network_threads": orders.network_threads,
        "needs": orders.needs,
        "marker": orders.marker,
        "progress_s": orders.progress_s,
        "number": number,
        "jobs": [{"index": index, **job_message(job)} for index, job in jobs.items()],
    }
    return json.dumps(document)


def order_of(text: str) -> Order:
    """The order in a text."""
    document = json.loads(text)
    jobs = {int(each["index"]): job_of(each) for each in document.pop("jobs")}
    number = int(document.pop("number"))
    settings = Settings.model_validate(document.pop("settings"))
    return Order(Orders(settings=settings, **document), number, jobs)


def answer_text(results: Mapping[int, Message], *, unfit: str = "", stopped: bool = False) -> str:
    """What a task returns."""
    said = [{"index": index, "result": result} for index, result in results.items()]
    return json.dumps({"results": said, "unfit": unfit, "stopped": stopped})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a task has returned."""

    results: dict[int, Message]
    unfit: str
    """Why its worker cannot do this work; empty if it can."""
    stopped: bool
    """It has not come to its end, because its worker closes."""


def answer_of(text: str) -> Answer:
    """The answer in a text."""
    document = json.loads(text)
    results = {int(each["index"]): each["result"] for each in document["results"]}
    return Answer(results, str(document["unfit"]), bool(document["stopped"]))
