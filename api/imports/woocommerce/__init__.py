"""WooCommerce product tables (CSV), in the languages in which shops export them."""

from api.imports.woocommerce.csvfile import Table
from api.imports.woocommerce.headers import are_of_products
from api.imports.woocommerce.reader import read

__all__ = ["Table", "are_of_products", "read"]
