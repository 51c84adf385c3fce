"""A small lending API: its data, and what serves it."""
