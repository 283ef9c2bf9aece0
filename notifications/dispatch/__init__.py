"""From a notice to its carriers: plan which channels, claim what is due, send with no transaction open, record."""
