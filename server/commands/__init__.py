"""The command line: `jiping …`, for the person who installs and for clerks until their pages are there."""
