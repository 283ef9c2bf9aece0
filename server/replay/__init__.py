"""The year, replayed: a plan of a whole year lived through in a throwaway installation, and judged afterwards."""
