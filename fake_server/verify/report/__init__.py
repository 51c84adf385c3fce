"""The report of a run: a table, JSON, JUnit XML or HTML."""
