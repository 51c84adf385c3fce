"""Who asks, in which account, and how often."""
