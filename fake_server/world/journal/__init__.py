"""The requests of a world: kept, matched, compared with what a test expects."""
