"""The only writers: one function is one use case, one transaction, one change in the history."""
