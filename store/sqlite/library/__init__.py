"""What readers ask: lists, trails, marks, saved searches."""
