"""The readings of parameters, dates and times by Ruby and Rails, as the real service has them."""
