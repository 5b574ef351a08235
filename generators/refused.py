"""The one exception a generator raises on purpose. Torch-free, so that any process may catch it."""


class Refused(ValueError):
    """An input that cannot be used. The message is a plain sentence that says what to do."""
