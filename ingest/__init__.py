"""From a source to a searchable episode."""
