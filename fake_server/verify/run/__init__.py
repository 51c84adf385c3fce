"""One run over all chosen APIs, from its options to its report."""
