"""The command line: results on stdout, the rest on stderr.

Exit status: 0 done, 1 failed, 2 misused, 3 partly done, 4 not found, 130 interrupted.
The verbs are in `ui.commands`, by theme.
"""

import os
import sys
from typing import Annotated, NoReturn

import typer

from kb.artefacts import FULL, disk_full
from kb.errors import SoundproofError
from ui.commands import (
    adding,
    arena,
    asking,
    briefing,
    drafting,
    evaluating,
    following,
    insight,
    jobs,
    keeping,
    naming,
    reading,
    running,
    theses,
)
from ui.commands.common import INTERRUPTED, complain, say

app = typer.Typer(
    help="Ask your podcasts; every sentence of the answer can be played.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# In the order of --help; a group of verbs has a name.
for theme in (adding, following, asking, reading, briefing, insight, keeping, running):
    app.add_typer(theme.verbs)
app.add_typer(jobs.verbs, name="jobs")
app.add_typer(naming.verbs, name="names")
app.add_typer(drafting.verbs, name="draft")
app.add_typer(theses.verbs, name="thesis")
app.add_typer(evaluating.verbs, name="eval")
app.add_typer(arena.verbs, name="arena")

_STOPPED = "Stopped; what was done is kept. Run the same command again to go on."


@app.callback()
def options(
    *, debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False
) -> None:
    """Set what holds for every command."""
    if debug:
        os.environ["SOUNDPROOF_DEBUG"] = "1"


def main() -> NoReturn:
    """Run a command, turning known errors into two lines and a status."""
    try:
        app()
    except SoundproofError as error:
        sys.exit(complain(error))
    except OSError as error:
        # Whatever was being written, and by whatever library: the way out is the same.
        if error.errno not in FULL:
            raise
        sys.exit(complain(disk_full(error.filename or "the library")))
    except SystemExit as ended:
        if ended.code == INTERRUPTED:  # typer's status for Ctrl-C, which it ends without a word
            say(_STOPPED)
        raise
    sys.exit(0)


if __name__ == "__main__":
    main()
