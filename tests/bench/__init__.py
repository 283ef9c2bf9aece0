"""Benchmarks (`make bench`): each beside its floor in the same run, for a shared machine's seconds mean little."""
