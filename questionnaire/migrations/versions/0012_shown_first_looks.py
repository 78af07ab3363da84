"""What a talk opens: the whole, as all those asked for until now, or a first look."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("talk_request", sa.Column("scope", sa.String(20), nullable=False, server_default="whole"))
