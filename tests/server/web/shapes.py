"""Whether an answer is what its declaration says."""

import jsonschema_rs

from energy_logger_server.web.http.openapi import json_schema


def require_shape(answer: object, shape: object) -> None:
    """Raise unless an answer has every declared field, as declared, and no other."""
    schema = json_schema(shape)
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(answer)
