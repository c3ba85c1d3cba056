"""HEAD, and methods that a route does not have, with and without a page behind the routes."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from service import server
from tests.helpers.standin import residents

READ = (
    *("/livez", "/readyz", "/metrics", "/docs", "/openapi.json", "/api/v1/models"),
    *("/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/cartoon", "/v2/models/cartoon/ready"),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service with something like a page at its root, which answers every path and method."""
    service = server.create(residents(), tmp_path_factory.mktemp("methods") / "up", retention_minutes=30)
    page = FastAPI()
    page.router.add_route("/{rest:path}", lambda request: PlainTextResponse("page"), methods=["GET", "TRACE"])
    service.app.mount("/", page)
    yield TestClient(service.layered(), raise_server_exceptions=False)


@pytest.mark.parametrize("path", READ)
def test_head_answers_as_get_does_without_a_body(client: TestClient, path: str) -> None:
    got, headed = client.get(path), client.head(path)
    assert (headed.status_code, headed.content) == (got.status_code, b"") and got.content
    assert headed.headers["content-type"] == got.headers["content-type"]
    assert "content-length" in headed.headers


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PATCH", "BREW"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/livez", "HEAD, GET"),
        ("/api/v1/cartoon", "POST"),
        ("/api/v1/jobs/cartoon", "POST"),
        (f"/api/v1/jobs/{'0' * 32}", "HEAD, GET, DELETE"),
        ("/v2/models/cartoon", "HEAD, GET"),
    ],
)
def test_another_method_is_told_the_ones_there_are(client: TestClient, method: str, path: str, allowed: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/api/v1/cartoon/", "/api/v1/CARTOON", "/api/v2/cartoon", "/api/v1/models"])
def test_a_wrong_address_or_method_is_told_before_the_size_of_what_was_sent(client: TestClient, path: str) -> None:
    answer = client.post(path, content=bytes(2**21))
    assert answer.status_code == (405 if path.endswith("models") else 404), answer.text


def test_an_unknown_path_is_ours_under_our_prefixes_and_the_pages_elsewhere(client: TestClient) -> None:
    assert client.get("/api/v1/nothing").json()["error"]["code"] == "not_found"
    assert client.head("/api/v1/cartoon").status_code == 405
    assert client.get("/other").text == "page"
