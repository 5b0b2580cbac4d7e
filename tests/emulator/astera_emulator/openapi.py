"""The server's OpenAPI document. That there is one is documented; its path and content are inferred."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .routing import Operation
from .schema import Field, Shape

Schema = dict[str, Any]


def document(operations: Iterable[Operation], version: str = "3") -> Schema:
    """Return a document of exactly the operations served, as OpenAPI 3 or as Swagger 2.

    Like the published reference it has no response schemas. Name of the API (documented) and security scheme
    (inferred) are those that an import into Astera's client shows.
    """
    paths: Schema = {}
    shapes: dict[str, Shape] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
        if operation.body:
            _collect(operation.body, shapes)
    described = {
        "openapi": "3.0.1",
        "info": {"title": "Centerprise_Server", "version": "v1"},
        "paths": paths,
        "components": {
            "schemas": {name: _schema(shape) for name, shape in sorted(shapes.items())},
            "securitySchemes": {
                "Bearer": {
                    "type": "apiKey",
                    "description": "Please enter the word 'Bearer' followed by a space and the JWT",
                    "name": "Authorization",
                    "in": "header",
                }
            },
        },
        "security": [{"Bearer": []}],
    }
    return described if version == "3" else _as_swagger(described)


def _as_swagger(described: Schema) -> Schema:
    """Return the older form, as far as paths and parameters go; bodies and schemas are left out."""
    paths: Schema = {}
    for path, operations in described["paths"].items():
        paths[path.removeprefix("/api")] = {
            method: {
                **{name: value for name, value in operation.items() if name != "requestBody"},
                "parameters": [_swagger_parameter(parameter) for parameter in operation.get("parameters", ())]
                + ([{"name": "body", "in": "body", "schema": {}}] if "requestBody" in operation else []),
            }
            for method, operation in operations.items()
        }
    return {"swagger": "2.0", "info": described["info"], "basePath": "/api", "paths": paths}


def _swagger_parameter(parameter: Schema) -> Schema:
    """Return a parameter whose type stands beside its name."""
    return {**{name: value for name, value in parameter.items() if name != "schema"}, **parameter["schema"]}


def _operation(operation: Operation) -> Schema:
    """Describe one operation."""
    described: Schema = {"tags": [operation.tag], "responses": {"200": {"description": "Success"}}}
    if operation.anonymous:
        described["security"] = []
    parameters = [_parameter(name, "query", {"type": "string"}) for name in operation.query]
    parameters += [_parameter(name, "query", {"type": "integer", "format": "int32"}) for name in operation.numbers]
    if "{" in operation.path:
        name = operation.path.partition("{")[2].partition("}")[0]
        parameters.append(_parameter(name, "path", {"type": "integer", "format": "int32"}))
    if parameters:
        described["parameters"] = parameters
    content = _content(operation)
    if content:
        described["requestBody"] = {"content": content}
    return described


def _parameter(name: str, place: str, schema: Schema) -> Schema:
    """Describe a parameter of the path or the query."""
    return {"name": name, "in": place, "required": True, "schema": schema}


def _content(operation: Operation) -> Schema:
    """Describe the request's body by media type."""
    if operation.content == "json" and operation.body:
        return {"application/json": {"schema": _reference(operation.body)}}
    if operation.content == "form":
        part = {operation.part: {"type": "string", "format": "binary"}}
        return {"multipart/form-data": {"schema": {"type": "object", "properties": part}}}
    types = {"text": ["text/plain"], "json text": ["application/json"], "any text": ["application/json", "text/plain"]}
    return {media_type: {"schema": {"type": "string"}} for media_type in types.get(operation.content, [])}


def _reference(shape: Shape) -> Schema:
    return {"$ref": f"#/components/schemas/{shape.name}"}


def _collect(shape: Shape, shapes: dict[str, Shape]) -> None:
    """Gather a shape and those below it by name."""
    shapes[shape.name] = shape
    for field in shape.fields:
        if field.shape:
            _collect(field.shape, shapes)


def _schema(shape: Shape) -> Schema:
    """Describe an object; further fields are allowed, as the real objects surely have more than documented."""
    return {"type": "object", "properties": {field.name: _field(field) for field in shape.fields}}


def _field(field: Field) -> Schema:
    """Describe a field."""
    if field.shape:
        reference = _reference(field.shape)
        return {"type": "array", "items": reference, "nullable": True} if field.many else reference
    described: Schema = {
        "integer": {"type": "integer", "format": "int32"},
        "boolean": {"type": "boolean"},
        "date-time": {"type": "string", "format": "date-time"},
        "any": {},
    }.get(field.kind, {"type": "string"})
    if field.choices:
        described["enum"] = list(field.choices)
    return {**described, "nullable": True} if field.nullable and described else described
