"""The arguments of contract tests: the target, the operation under test, its paths."""
