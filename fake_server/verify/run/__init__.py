"""The runs of all chosen APIs, from options to reports."""
