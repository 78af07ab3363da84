"""The version, nothing else: `questionnaire score` must not pay for the web."""

__version__ = "0.1.0"
