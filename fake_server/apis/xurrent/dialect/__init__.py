"""The requests and answers that all resources of the 4me / Xurrent REST API share."""
