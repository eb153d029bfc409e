"""The OpenAPI description of the operations, made from their own schemas."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import voluptuous as vol
from voluptuous_openapi import UNSUPPORTED, OpenApiVersion, convert

from energy_logger_server import __version__

from .answer_types import is_answer_type, type_schema
from .operation import Access, Operation
from .parameter_texts import PARAMETERS, PATH_PARTS
from .rows import JSON
from .session_cookie import COOKIE

type Json = dict[str, Any]

_PART = re.compile(r"{(\w+)}")

ERROR = vol.Schema(
    {
        vol.Required("error"): vol.Schema(
            {
                vol.Required("code", description="Stable name of the problem."): str,
                vol.Required("message", description="A sentence for people."): str,
                vol.Optional(
                    "parameter", description="What of the request is to blame."
                ): str,
            },
            extra=vol.ALLOW_EXTRA,
        )
    },
    extra=vol.ALLOW_EXTRA,
)
"""The one shape of every error."""

_SECURITY: list[dict[str, list[str]]] = [
    {"apiKey": []},
    {"bearer": []},
    {"session": []},
]


def describe(operations: Iterable[Operation]) -> Json:
    """Return the description in OpenAPI 3.1.

    Its server address is relative to the description's own, so that it holds behind
    the prefix of an ingress too.
    """
    paths: dict[str, Json] = {}
    groups: dict[str, None] = {}
    for operation in operations:
        groups.setdefault(operation.group.value)
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Energy Logger",
            "version": __version__,
            "summary": "Prices, usage and loads that Amber Electric and KAMO publish.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "../", "description": "This server"}],
        "tags": [{"name": group} for group in groups],
        "paths": paths,
        "components": {
            "schemas": {"Error": json_schema(ERROR)},
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            },
        },
    }


def json_schema(schema: object) -> Json:
    """Return a voluptuous schema or an answer's type in the words of JSON Schema.

    An object has no fields but those that are named, unless its schema lets others in.
    """
    converted: Json = convert(
        schema,
        custom_serializer=_own_words,
        openapi_version=OpenApiVersion.V3_1,
    )
    _close(converted)
    return converted


def _close(schema: object) -> None:
    """Say of objects what voluptuous means: fields that are not named are errors."""
    if isinstance(schema, list):
        for one in schema:
            _close(one)
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("properties"), dict):
        schema.setdefault("additionalProperties", False)
        for one in schema["properties"].values():
            _close(one)
    for name in ("items", "anyOf", "additionalProperties"):
        _close(schema.get(name))


def _own_words(schema: object) -> object:
    if is_answer_type(schema):
        return type_schema(schema)
    words = getattr(schema, "json_schema", None)
    if isinstance(words, Mapping):
        return dict(words)
    if isinstance(schema, vol.In) and isinstance(schema.container, Iterable):
        # the library would take None out of the container itself
        return {"enum": [*schema.container]}
    if isinstance(schema, vol.Date):
        return {"type": "string", "format": "date"}
    if isinstance(schema, vol.Datetime):
        return {"type": "string", "format": "date-time"}
    return UNSUPPORTED


def _operation(operation: Operation) -> Json:
    described: Json = {
        "operationId": _identifier(operation),
        "summary": operation.summary,
        "tags": [operation.group.value],
        "parameters": [
            *_path_parts(operation),
            *_query(operation.query),
            *_filters(operation),
        ],
        "responses": {
            str(operation.answer.status.value): _good(operation),
            **{
                str(status.value): _bad(status)
                for status in operation.all_errors
                if status is not operation.answer.status
            },
        },
    }
    if operation.access is Access.KEY:
        described["security"] = _SECURITY
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": json_schema(operation.body)}},
        }
    return described


def _identifier(operation: Operation) -> str:
    words = re.findall(r"\w+", operation.path)
    return "_".join((operation.method.lower(), *words))


def _path_parts(operation: Operation) -> list[Json]:
    return [
        {
            "name": part,
            "in": "path",
            "required": True,
            "description": PATH_PARTS[part],
            "schema": {"type": "string", "minLength": 1},
        }
        for part in _PART.findall(operation.path)
    ]


def _query(schema: vol.Schema) -> list[Json]:
    found = []
    for marker, check in schema.schema.items():
        name = str(marker)
        words = json_schema(check)
        if marker.default is not vol.UNDEFINED:
            words["default"] = _typed(marker.default(), words)
        found.append(
            {
                "name": name,
                "in": "query",
                "required": isinstance(marker, vol.Required),
                "description": marker.description or PARAMETERS[name],
                "schema": words,
            }
        )
    return found


def _filters(operation: Operation) -> list[Json]:
    """Return the object whose fields are parameters of their own, if there is one."""
    filters = operation.filters
    if filters is None:
        return []
    return [
        {
            "name": "filters",
            "in": "query",
            "required": False,
            "description": filters.description,
            "style": "form",
            "explode": True,
            "schema": {
                "type": "object",
                "propertyNames": {"pattern": f"^{filters.form}$"},
                "additionalProperties": {"type": "string"},
            },
        }
    ]


def _typed(text: str, words: Json) -> object:
    if words.get("type") == "integer":
        return int(text)
    if words.get("type") == "boolean":
        return text == "true"
    return text


def _good(operation: Operation) -> Json:
    answer = operation.answer
    content: Json = {}
    for media_type in answer.media_types:
        is_json = media_type == JSON and answer.schema is not None
        content[media_type] = {
            "schema": json_schema(answer.schema) if is_json else {"type": "string"}
        }
    return {"description": answer.description, "content": content}


def _bad(status: HTTPStatus) -> Json:
    return {
        "description": status.phrase,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
