"""The rule base and the decision as immutable values."""
