"""What may go wrong between two statements."""

from collections.abc import Callable
from typing import Any


def killed_at_update(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """For `connection.execute_wrapper`: the process is told to end before a work is changed."""
    if sql.startswith('UPDATE "works_artwork"'):
        raise KeyboardInterrupt
    return execute(sql, params, many, context)
