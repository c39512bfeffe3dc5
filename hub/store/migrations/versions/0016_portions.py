"""The units of an order's line may be bought in several portions, of several suppliers."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_QUANTITIES = """
update purchase_claims c set quantity = coalesce(
  (select (x ->> 'quantity')::int from purchases p cross join lateral jsonb_array_elements(p.lines) x
   where p.id = c.purchase_id and x ->> 'line_id' = c.line_id limit 1),
  (select l.quantity from order_lines l where l.order_id = c.order_id and l.line_id = c.line_id), 0)
"""

# Whatever the hub's code says, the database takes no claim by which more of a line is bought than it is of.
_GUARD = """
create function claims_stay_within_lines() returns trigger language plpgsql as
$$ begin
  if (select sum(c.quantity) from purchase_claims c
      join order_lines l using (order_id, line_id, portion, generation)
      where c.order_id = new.order_id and c.line_id = new.line_id)
     > (select sum(l.quantity) from order_lines l where l.order_id = new.order_id and l.line_id = new.line_id)
  then raise exception 'more units of a line would be bought than it is of';
  end if;
  return null;
end $$
"""


def upgrade() -> None:
    """Bring the schema to this version."""
    for table, key in (
        ("order_lines", ["order_id", "line_id", "portion"]),
        ("purchase_claims", ["order_id", "line_id", "portion", "generation"]),
        ("replacements", ["order_id", "line_id", "portion", "generation"]),
    ):
        op.add_column(table, sa.Column("portion", sa.Integer(), nullable=False, server_default=sa.text("0")))
        op.drop_constraint(f"{table}_pkey", table)
        op.create_primary_key(f"{table}_pkey", table, key)
    op.drop_constraint("replacements_purchase_id_line_id_key", "replacements")
    op.create_unique_constraint(None, "replacements", ["purchase_id", "line_id", "portion"])
    op.add_column("purchase_claims", sa.Column("quantity", sa.Integer(), nullable=True))
    op.execute(_QUANTITIES)
    op.alter_column("purchase_claims", "quantity", nullable=False)
    op.execute(_GUARD)
    op.execute(
        """create trigger claims_stay_within_lines after insert on purchase_claims
           for each row execute function claims_stay_within_lines()"""
    )
