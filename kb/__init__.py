"""What was said, by whom, when - and how to ask about it."""
