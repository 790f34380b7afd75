"""Write the generated pages, or with `--check` only tell which differ (exit code 1)."""

from __future__ import annotations

import sys

from ventuno_dev.docs.pages import PAGES
from ventuno_dev.settings import load


def main(arguments: list[str]) -> int:
    """Write or check every page."""
    folder = load().project / "docs"
    texts = {folder / name: page() for name, page in PAGES.items()}
    stale = [path for path, text in texts.items() if not path.is_file() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"docs/{path.name} is out of date: run `make docs`", file=sys.stderr)  # noqa: T201 - its output
        return 1 if stale else 0
    for path in stale:
        path.write_text(texts[path], "utf-8")
        print(f"docs/{path.name}")  # noqa: T201 - its output
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
