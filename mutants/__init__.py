"""Small defects of the fake, switched on one at a time, to prove that the contract tests see.

A mutant that survives its API's normal run is a missing contract test. Nothing here is part of
the product: the defects are made in a running process, from outside.
"""
