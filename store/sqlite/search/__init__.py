"""The index of searches: filled, asked, ranked."""
