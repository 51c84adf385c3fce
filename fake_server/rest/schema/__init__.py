"""What an API's OpenAPI document says: operations, values, bodies."""
