"""Whether an answer is what its declaration says."""

import jsonschema_rs

from energy_logger_server.web.http.openapi import json_schema


def is_shaped(answer: object, shape: object) -> bool:
    """Return whether an answer has every declared field, as declared, and no other."""
    schema = json_schema(shape)
    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(answer)
