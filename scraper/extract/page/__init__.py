"""From bytes to a tree: encodings, what kind of document it is, parsing within limits, text of elements."""
