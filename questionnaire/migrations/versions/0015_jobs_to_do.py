"""Jobs to do are found without a look at those done: a poll of each process, each second, costs the same for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
TO_DO = sa.text("done_at IS NULL")


def upgrade() -> None:
    """Index the jobs that wait, rather than all."""
    op.drop_index("ix_job_run_after", table_name="job")
    op.create_index("ix_job_due", "job", ["run_after"], sqlite_where=TO_DO, postgresql_where=TO_DO)
