"""When work is looked for: APScheduler, its jobs, its one leader."""
