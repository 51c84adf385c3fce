"""`fake-server new-api`: a package for an API, written from an OpenAPI document."""
