"""Ways of shipping: where each goes, and its price by weight."""
