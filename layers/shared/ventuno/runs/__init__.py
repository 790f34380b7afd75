"""Run and step state: its shapes, the claim check for big values, and the view people read."""
