"""`fake-server mutants`: the catalogue of mutants, and the processes that run them."""
