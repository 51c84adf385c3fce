"""Small defects of a fake, one at a time, to prove that its contract tests catch them.

A mutant that survives its API's normal run shows that a contract test is missing. An API's mutants
stand in its folder `mutants`, a package whose `MUTANTS` lists them. A runner applies them to a
running process; no server imports this package.
"""
