"""The sums of a basket in whole minor units, without SQL and HTTP, so that each can be proved."""
