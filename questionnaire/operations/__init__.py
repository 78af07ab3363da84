"""What the operator's commands do with a whole installation: serve it, show it, invite an advisor, verify it.

Each file is one command's work and returns words or raises; `cli.py` reads the arguments and prints. This room may open
the application; it may not decide what an answer means.
"""
