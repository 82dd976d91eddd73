"""WordPress exports (WXR): articles with comments, and the products of a shop."""

from api.imports.wxr.reader import read

__all__ = ["read"]
