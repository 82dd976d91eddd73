"""The OpenAPI document, made from the declarations that guard and decode."""
