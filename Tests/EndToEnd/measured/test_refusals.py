"""How soon embeddings that cannot be computed are refused."""

import pytest

from test_embeddings import WRONG, post
from timing import at_once


@pytest.mark.parametrize(("body", "param"), WRONG)
def test_each_wrong_field_of_embeddings_is_refused_at_once(server, base, body, param):
    reply = at_once(lambda: post(server, body, base))
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)
