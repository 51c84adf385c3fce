"""Graphs: counts by period, which this API alone has."""
