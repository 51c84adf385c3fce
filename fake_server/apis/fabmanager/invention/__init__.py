"""What the invented records of a fab lab have in common."""
