"""What is kept: SQLAlchemy models, and functions named by intent that take a session and never commit.

This room may import SQLAlchemy and `core`, never Flask (`accounts.py` alone takes Flask-Security's mixins), and never
decides what an answer means. The view that called commits, in one visible line.
"""
