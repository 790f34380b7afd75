"""Definition → graph → plan → Amazon States Language; pure, deterministic, no AWS."""
