"""The requests and answers that all resources of the Fab-manager Open API share."""
