"""Use cases: one function, one transaction, no network inside."""
