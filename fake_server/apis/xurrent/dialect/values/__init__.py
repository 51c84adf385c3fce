"""The spellings of scalar values in requests and answers."""
