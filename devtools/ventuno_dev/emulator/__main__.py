"""Command line of the emulator: reads the arguments, prepares the environment, hands over to the launcher."""

import argparse
import importlib
import sys
from pathlib import Path

from ventuno_dev.emulator.settings import Settings, prepare


def main() -> int:
    """Run the emulator in the foreground until SIGTERM or SIGINT."""
    options = _parser().parse_args()
    settings = Settings(
        port=options.port,
        data=Path(options.data).resolve(),
        save_every_seconds=options.save_every,
        wait_scale=options.wait_scale,
        without=frozenset(options.without),
    )
    prepare(settings)
    # Imported only now: MiniStack reads its environment while it is being imported.
    if options.list_fixes:
        print(importlib.import_module("ventuno_dev.emulator.fixes").listing())  # noqa: T201 - the answer
        return 0
    return int(importlib.import_module("ventuno_dev.emulator.launcher").run(settings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ventuno_dev.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=4566, help="port on 127.0.0.1 (default 4566)")
    parser.add_argument("--data", default=".ventuno/aws", help="folder that keeps everything")
    parser.add_argument(
        "--save-every", type=float, default=2.0, metavar="SECONDS", help="what kill -9 may lose"
    )
    parser.add_argument("--wait-scale", type=float, default=1.0, help="factor on Wait states; 0 skips them")
    parser.add_argument("--without", nargs="+", default=[], metavar="FIX", help="leave these fixes out")
    parser.add_argument("--list-fixes", action="store_true", help="print what is fixed and why, then stop")
    return parser


if __name__ == "__main__":
    sys.exit(main())
