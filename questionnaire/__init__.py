"""Self-assessment of French associations: how ready are we to build alliances? The version, and nothing else."""

__version__ = "0.1.0"
