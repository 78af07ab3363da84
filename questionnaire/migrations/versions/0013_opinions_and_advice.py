"""What an advisor thinks of each criterion, and the plan that they advise."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; a review written before has neither."""
    for name in ("opinions", "advice"):
        op.add_column("review", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
