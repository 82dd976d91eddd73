"""The proof that money is counted once: buyers who pay, decline, come late and press twice."""
