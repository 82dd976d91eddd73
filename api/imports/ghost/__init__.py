"""Ghost exports: posts and pages with authors and tags."""

from api.imports.ghost.reader import read
from api.imports.ghost.rows import is_export

__all__ = ["is_export", "read"]
