"""Articles: fetching their pages, retries, duplicates, stories, revisions, re-checks."""
