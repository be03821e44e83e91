"""From evidence to a checked draft: made, proved, criticised, kept, exported."""
