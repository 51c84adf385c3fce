"""Small defects of a fake, switched on one at a time, to prove that its contract tests see.

A mutant that survives its API's normal run is a missing contract test. An API's mutants stand in
its folder `mutants`, a package whose `MUTANTS` lists them. They are made in a running process, from
outside: no server imports this.
"""
