"""How clients get in: applications, their tokens, and what the tokens open."""
