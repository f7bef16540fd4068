"""The rules of a seller on top of the law: which rule fits a claim, and the command that the rule gives."""
