"""Pure rules: no clock, no database, no Flask, and nothing but the standard library."""
