"""How any resource of the 4me / Xurrent REST API is asked and answered."""
