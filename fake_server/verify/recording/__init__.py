"""Recordings of traffic: reading them, and the checks that their exchanges pass or fail."""
