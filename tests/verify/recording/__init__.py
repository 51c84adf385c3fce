"""Recordings: their forms, the checks of their exchanges, and the command."""
