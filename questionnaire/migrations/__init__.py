"""Numbered steps from one database schema to the next (Alembic), shipped in the package and run at start.

A step that was released never changes. `HEAD` pins the newest one, so that two branches adding a step collide in git.
"""
