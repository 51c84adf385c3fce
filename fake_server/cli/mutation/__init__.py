"""`fake-server mutants`: the catalogue of mutants, and the processes of their runs."""
