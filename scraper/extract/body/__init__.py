"""Which block of the page is the article, and which of its lines are the text."""
