"""Text mining: texts in, labels, groups and clauses out. Knows no Flask, no database and no ticket.

Only the process `child.py` imports the modules of this package: they load the learning libraries (decision 11).
"""
