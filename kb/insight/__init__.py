"""What an analyst watches: companies, voices, theses, predictions."""
