"""Graphs: counts by period. Only this API has them."""
