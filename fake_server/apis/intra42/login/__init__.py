"""The access of clients: applications, their tokens, and the scopes of the tokens."""
