"""Both clients walk from order to refund."""

from tests.clients.conftest import NEEDS_NPM
from tests.clients.walking import WALKED, python_walk, typescript_walk

ARTICLE = "KR E-Commerce Act 17(1)1; KR Civil Act 157, 159, 161"


def test_the_python_client_walks_from_order_to_refund(service: tuple[str, str]) -> None:
    assert python_walk(*service) == ["quoted 9000", f"no_ground_for_rejection ['{ARTICLE}']", WALKED]


@NEEDS_NPM
def test_the_typescript_client_walks_from_order_to_refund(service: tuple[str, str]) -> None:
    assert typescript_walk(*service) == ["quoted 9000", f"no_ground_for_rejection [ '{ARTICLE}' ]", WALKED]
