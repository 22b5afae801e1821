"""What polls and fetches read and write: feeds, hosts, entries, articles, stories, revisions."""
