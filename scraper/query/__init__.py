"""The language of searches, without SQL."""
