"""The door: pages, forms, and who may come in.

This room may import everything below it. It holds no SQL and no scoring, and no blueprint imports another; a view
obtains its object and the right to it in its first line.
"""
