"""The OpenAPI document and the dataset schema that a resource's declaration gives."""
