"""The layers of a run: behaviours, schemas and shapes, and the verdicts on each."""
