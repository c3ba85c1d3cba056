"""Our own page is told from foreign ones, also through proxies that change the host."""

import pytest

from service.middleware.origin import foreign

PAGE = "http://studio.example:8080"


def asked(origin: str | None, host: str, *, proxy: bool = False, method: str = "POST", **more: str) -> bool:
    """Whether a request is taken; `more` are headers, with _ for -."""
    given = {"host": host, "origin": origin, **{name.replace("_", "-"): value for name, value in more.items()}}
    headers = [(name.encode(), value.encode()) for name, value in given.items() if value is not None]
    scope = {"type": "http", "method": method, "headers": headers, "prewarm_from_proxy": proxy}
    return foreign(scope) is None


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (PAGE, "studio.example:8080"),
        ("https://studio.example", "studio.example"),
        ("http://studio.example", "studio.example:80"),
        ("http://[::1]:7860", "[::1]:7860"),
        (None, "studio.example"),
    ],
)
def test_our_own_page_and_programs_are_taken(origin: str | None, host: str) -> None:
    assert asked(origin, host)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://studio.example:9", "http://studio.example:x"]
)
@pytest.mark.parametrize("proxy", [False, True])
def test_foreign_pages_are_refused_by_name_and_by_port(origin: str, proxy: bool) -> None:
    assert not asked(origin, "studio.example:8080", proxy=proxy)
    assert not asked(origin, "10.0.0.2:7860", proxy=proxy, x_forwarded_host="studio.example:8080")
    assert not asked(origin, "studio.example", proxy=proxy, x_forwarded_port="8080")
    assert asked(origin, "studio.example:8080", proxy=proxy, method="GET")


@pytest.mark.parametrize(
    ("host", "more"),
    [
        ("studio.example", {}),  # nginx's $host
        ("studio.example", {"x_forwarded_host": "studio.example"}),
        ("studio.example", {"x_forwarded_port": "8080"}),
        ("10.0.0.2:7860", {"x_forwarded_host": "studio.example:8080"}),
        ("10.0.0.2:7860", {"x_forwarded_host": "studio.example, inner:81", "x_forwarded_port": "8080"}),
    ],
)
def test_what_a_proxy_says_of_the_host_counts_where_it_is_trusted(host: str, more: dict[str, str]) -> None:
    assert asked(PAGE, host, proxy=True, **more)
    assert not asked(PAGE, host, **more)


def test_the_browsers_own_word_counts() -> None:
    assert asked(PAGE, "studio.example", sec_fetch_site="same-origin")
    assert not asked(PAGE, "studio.example", proxy=True, sec_fetch_site="same-site")


def test_the_refusal_tells_both_names_and_the_remedy() -> None:
    headers = [(b"host", b"studio.example"), (b"origin", PAGE.encode())]
    text = foreign({"type": "http", "method": "POST", "headers": headers})
    assert text is not None
    assert all(told in text for told in (PAGE, "asked as studio.example.", "--trusted-proxy", "Host $http_host"))
