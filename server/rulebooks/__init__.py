"""The institutions: one TOML each, and the loader that refuses a wrong one."""
