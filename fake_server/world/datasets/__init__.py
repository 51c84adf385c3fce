"""Dataset files: parsed within bounds, checked against the schemas, mistakes with their lines."""
