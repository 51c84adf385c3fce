"""The mistakes a user can make about worlds; each message is one line that says what to do."""


class UserError(Exception):
    """Something the user gave is wrong; its text is the one line to show."""


class DatasetError(UserError):
    """A dataset file cannot be found, read or understood."""


class UnknownWorldError(UserError):
    """A request names a world that does not exist."""
