"""Learning: a recording becomes a dataset that answers as the service did."""
