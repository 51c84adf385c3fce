"""Durations: how long a calendar is active between two instants."""
