"""Durations: the active time of a calendar between two instants."""
