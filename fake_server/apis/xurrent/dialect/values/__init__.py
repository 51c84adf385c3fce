"""Scalar values as requests and responses spell them."""
