"""The contents of an API's OpenAPI document: operations, values, bodies."""
