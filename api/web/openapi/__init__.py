"""The OpenAPI document, built from the declarations that also guard and decode, so that it cannot drift."""
