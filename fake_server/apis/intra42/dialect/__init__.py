"""The requests and answers that all resources of the 42 intra API share."""
