"""Remembered answers: their dependencies, and the parts that each request makes anew."""
