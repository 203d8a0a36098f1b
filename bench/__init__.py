"""Measures scorecli beside its peers; see README.md."""
