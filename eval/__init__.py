"""Is the answer right, and is it better than the other one?"""
