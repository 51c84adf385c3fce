"""How any resource of the Fab-manager Open API is asked and answered."""
