"""The environment variables through which commands and tests find a running server."""

TOKEN_VARIABLE = "FAKE_SERVER_CONTROL_TOKEN"
"""The control token, where no option gives another."""
