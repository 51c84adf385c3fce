"""The parts that the invented records of a fab lab share."""
