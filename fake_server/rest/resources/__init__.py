"""Resources: their declarations in data, and the behaviour that each inherits."""
