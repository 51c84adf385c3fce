"""Learning: what a recording shows becomes a dataset that answers as the service did."""
