"""Ruby's and Rails' ways with parameters, dates and times, which the real service has."""
