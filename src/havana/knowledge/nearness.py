"""How near the rows of a site are to a question: arithmetic on their vectors.

A row's nearness is made of two: the cosine of the angle between it and the question, and the cosine with the direction
in which the nearest rows of its article lie together. What several rows have in common is the article's subject, and
what only one has is by the way: their sum is nearer to a question about that subject than the rows are on average. How
much nearer depends on how alike rows are, which differs from site to site: it counts as much as is usual among the
site's articles, so that a score says the same everywhere, and of an article with one row what it did. The constants
were chosen on public question sets; `bench/knowledge.py` measures them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

NEAREST = 100
"""Rows that a question is compared with further."""
TOGETHER = 3
"""Rows of an article that make its direction, if it has as many."""
OF_THE_ARTICLE = 0.7
"""How much the article counts beside the row."""


class Rows(msgspec.Struct, frozen=True):
    """Rows, article by article, and a matrix with a vector for each.

    `firsts` are the places at which an article begins, `sizes` how many rows it has, `articles` whose each row is.
    """

    ids: list[int]
    matrix: Any
    firsts: Any
    sizes: Any
    articles: Any


def arranged(found: Sequence[tuple[int, str, bytes]]) -> Rows:
    """Of rows with their articles and vectors (float32, of length 1), article by article."""
    import numpy as np

    joined = np.frombuffer(b"".join(vector for _, _, vector in found), dtype="<f4")
    matrix = joined.reshape(len(found), -1) if found else joined
    sizes = np.array(list(Counter(article for _, article, _ in found).values()), dtype=np.intp)
    articles = np.repeat(np.arange(len(sizes)), sizes)
    return Rows([row for row, _, _ in found], matrix, np.cumsum(sizes) - sizes, sizes, articles)


def nearest(rows: Rows, vector: Any) -> Mapping[int, float]:
    """The nearest rows to a question's vector, each with how near: 1 is the same."""
    import numpy as np

    cosines = rows.matrix @ vector
    near = (1 - OF_THE_ARTICLE) * cosines + OF_THE_ARTICLE * together(rows, cosines)[rows.articles]
    first = np.argpartition(near, -NEAREST)[-NEAREST:] if len(near) > NEAREST else range(len(near))
    return {rows.ids[place]: float(near[place]) for place in first}


def together(rows: Rows, cosines: Any) -> Any:
    """For each article the cosine with the direction of its nearest rows, on the scale of their mean cosine."""
    import numpy as np

    nearest_first = np.lexsort((-cosines, rows.articles))
    total = np.zeros(len(rows.sizes), dtype=cosines.dtype)
    direction = np.zeros((len(rows.sizes), rows.matrix.shape[1]), dtype=cosines.dtype)
    for nth in range(TOGETHER):
        has = rows.sizes > nth
        places = nearest_first[rows.firsts[has] + nth]
        total[has] += cosines[places]
        direction[has] += rows.matrix[places]
    # Rows that point away from each other cancel each other out, and then have nothing in common.
    length = np.maximum(np.linalg.norm(direction, axis=1), 1)
    taken = np.minimum(rows.sizes, TOGETHER)
    usual = np.bincount(taken, weights=length / taken) / np.maximum(np.bincount(taken), 1)
    return total / length * usual[taken]
