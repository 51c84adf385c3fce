"""OpenAPI documents: made from declarations, written to files, read as one."""
