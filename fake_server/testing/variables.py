"""The environment variables that tell commands and tests of a running server."""

TOKEN_VARIABLE = "FAKE_SERVER_CONTROL_TOKEN"
"""The control token, where no option gives another."""
