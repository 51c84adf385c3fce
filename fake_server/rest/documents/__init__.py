"""OpenAPI documents: made of declarations, written to files, read in one piece."""
