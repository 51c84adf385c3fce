"""The model of a resource: its table, its links, its records and their rendering."""
