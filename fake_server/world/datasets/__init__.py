"""Dataset files: bounded parsing, validation against the schemas, mistakes with their lines."""
