"""The access of clients: identity, account and rate limit."""
