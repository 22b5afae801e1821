"""What the page says of itself, and who is believed: title, writers, dates, pictures."""
