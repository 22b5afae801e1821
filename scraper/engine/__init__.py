"""What runs the work: threads, worker processes, batches, and the log of outcomes."""
