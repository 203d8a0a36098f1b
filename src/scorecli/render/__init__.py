"""A Result becomes text in one of the output formats."""
