"""The command line: reads what was asked for, calls the layer that does it, and turns faults into one sentence.

Imports at the top of these modules stay within the standard library and the model's plain records, so that
`--help` and wrong use are answered at once; everything heavier is imported where it is used.
"""

import contextlib
import os
import sys
from collections.abc import Sequence

from hipviz.model.errors import HipvizError, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 after a failure, 2 after wrong use (argparse itself exits with 2)."""
    from hipviz.cli import commands
    from hipviz.cli.arguments import parser

    options = parser().parse_args(arguments)
    try:
        return commands.run(options)
    except UsageError as fault:
        return _refused(str(fault), 2)
    except HipvizError as fault:
        return _refused(str(fault), 1)
    except BrokenPipeError:
        # The reader (head, less) has gone; keep the interpreter from complaining when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as fault:
        named = f"'{fault.filename}': " if fault.filename else ""
        return _refused(f"{named}{fault.strerror or fault}.", 1)
    except KeyboardInterrupt:
        return _refused("stopped.", 130)
    except Exception as fault:
        if options.debug:
            raise
        kind = type(fault).__name__
        return _refused(f"this should not happen: {kind}: {fault}. Run again with --debug for the details.", 1)


def _refused(sentence: str, code: int) -> int:
    with contextlib.suppress(OSError):
        print(f"hipviz: {sentence}", file=sys.stderr)
    return code
