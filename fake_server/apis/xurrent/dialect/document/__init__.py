"""What a resource's declaration becomes in the OpenAPI document and the dataset schema."""
