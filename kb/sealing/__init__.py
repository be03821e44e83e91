"""How a claimed quote is checked against what was heard; `kb.seal` is the door."""
