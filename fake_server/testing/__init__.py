"""What tests use: a server in a thread."""
