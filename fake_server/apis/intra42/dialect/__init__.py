"""How any resource of the 42 intra API is asked and answered."""
