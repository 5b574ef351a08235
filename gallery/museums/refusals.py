"""Why something of a museum's did not come."""


class NotFetched(Exception):
    """The message is a sentence for the curator, with what to do about it."""
