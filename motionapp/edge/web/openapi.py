"""The API described as OpenAPI 3.1, made of the table that also answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from motionapp.core.version import __version__
from motionapp.edge.web.asking import Parameter
from motionapp.edge.web.problems import MEDIA_TYPE as PROBLEM_TYPE
from motionapp.edge.web.routes import Operation
from motionapp.edge.web.schemas import SCHEMAS, named

ALWAYS = (400, 403, 413, 414, 421, 429, 431)
"""A request may be unreadable, made by a stranger's page, too large, under a wrong name, or one too
many."""


def description(operations: Iterable[Operation]) -> dict[str, Any]:
    """The whole description."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "motionapp edge",
            "version": __version__,
            "description": "Cameras, events and outages of one box. Moments are UTC. Fields may "
            "be added; what is told here stays.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": dict(SCHEMAS),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Of `web.token_file`; without one everything is open, to this "
                    "machine alone.",
                }
            },
        },
    }


def problems_of(operation: Operation) -> list[int]:
    """Which statuses other than good ones an operation may answer with."""
    found = {*ALWAYS, *operation.problems}
    if operation.role is not None:
        found.add(401)
    if any(one.where == "path" for one in operation.parameters):
        found.add(404)
    return sorted(found - set(operation.answers))


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.text,
        "security": [] if operation.role is None else [{"token": []}],
        "responses": {
            **{
                str(status): _answer(status, answer.media_type, answer.schema)
                for status, answer in operation.answers.items()
            },
            **{
                str(status): _answer(status, PROBLEM_TYPE, named("Problem"))
                for status in problems_of(operation)
            },
        },
    }
    if operation.role is not None:
        told["description"] = f"For: {operation.role}."
    if operation.parameters:
        told["parameters"] = [_parameter(one) for one in operation.parameters]
    if operation.body is not None:
        content = {"application/json": {"schema": operation.body}}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.is_needed,
        "description": parameter.text,
        "schema": parameter.schema,
    }


def _answer(
    status: int, media_type: str | None, schema: Mapping[str, Any] | None
) -> dict[str, Any]:
    told: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if media_type is not None:
        told["content"] = {media_type: {"schema": schema}}
    return told
