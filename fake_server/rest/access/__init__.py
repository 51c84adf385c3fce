"""Who may ask: the forms of credentials, the credentials of a world, and how they are redacted."""
