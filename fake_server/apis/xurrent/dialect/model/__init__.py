"""What a resource is: its table, its links, its records and how they are rendered."""
