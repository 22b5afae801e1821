"""Text without markup: words, dates, languages, and how texts are compared. Pure."""
