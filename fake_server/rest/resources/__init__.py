"""Resources: what an API declares of each in data, and what each then inherits."""
