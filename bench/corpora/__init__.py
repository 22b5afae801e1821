"""Other people's test cases through our parsers."""
