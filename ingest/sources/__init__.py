"""One module for each kind of thing that can be added; each turns it into `Found` episodes."""
