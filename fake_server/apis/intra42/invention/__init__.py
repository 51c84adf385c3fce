"""The parts that several resources of the school share, so that their records agree."""
