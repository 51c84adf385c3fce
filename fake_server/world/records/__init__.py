"""The records of a world in the terms of its dataset: pinned, read, added, changed, removed."""
