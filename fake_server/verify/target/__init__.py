"""What a contract test is given: the target, the operation under test, its paths."""
