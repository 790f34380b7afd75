"""What the two packages may import."""

from __future__ import annotations

import subprocess
import sys


def test_expressions_and_filters_import_neither_aws_nor_the_rest_of_ventuno() -> None:
    script = "import sys, ventuno.expressions, ventuno.filters; print('\\n'.join(sys.modules))"

    loaded = subprocess.run(  # noqa: S603 - our own interpreter on a constant script
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()

    own = ("ventuno.expressions", "ventuno.filters", "ventuno.errors", "ventuno.json_value", "ventuno.wire")
    assert [name for name in loaded if name.startswith("ventuno.") and not name.startswith(own)] == []
    assert {"boto3", "botocore", "aws_lambda_powertools"}.isdisjoint(loaded)
