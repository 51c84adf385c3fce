"""What the real services take, operation by operation, from other sources than our declarations."""
