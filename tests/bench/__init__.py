"""`make bench`: the durable hub against a bare handler that keeps nothing, on the same work, in the same run."""
