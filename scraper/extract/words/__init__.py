"""What pages say, by language: prompts, credits, walls, bylines, dates, agencies. One line at a time, no markup."""
