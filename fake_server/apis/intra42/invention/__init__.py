"""What several resources of the school must agree on to be believable."""
