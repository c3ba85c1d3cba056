"""Which requests go by which proxy, whatever the variables hold."""

import pytest

from models.weights.proxies import ProxyError, proxies_of, withhold

HUB = "https://hub.example/api"


@pytest.mark.parametrize(
    ("environ", "url", "proxy"),
    [
        ({}, HUB, None),
        ({"HTTPS_PROXY": "http://p:1", "ALL_PROXY": "http://q:2"}, HUB, "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, HUB, None),
        ({"ALL_PROXY": "socks5h://p:1"}, HUB, "socks5h://p:1"),
        ({"all_proxy": "socks://p:1"}, HUB, "socks5://p:1"),
        ({"https_proxy": "p.example:8080"}, HUB, "http://p.example:8080"),
        ({"https_proxy": "", "HTTPS_PROXY": "http://p:1"}, HUB, None),
        ({"https_proxy": "http://user:word@[fd00::1]:8080"}, HUB, "http://user:word@[fd00::1]:8080"),
        *(
            ({"ALL_PROXY": "socks4://p:1"}, url, None)
            for url in (
                "http://localhost:1",
                "http://127.0.0.9",
                "http://[::1]:8",
                "http://a.localhost",
                "http://0.0.0.0",
            )
        ),
    ],
)
def test_a_request_goes_by_the_proxy_of_its_address(environ: dict[str, str], url: str, proxy: str | None) -> None:
    assert proxies_of(environ).towards(url) == proxy


@pytest.mark.parametrize(
    ("no_proxy", "url", "exempt"),
    [
        ("localhost,127.0.0.1,[::1]", HUB, False),
        ("*", HUB, True),
        ("hub.example", HUB, True),
        (".example", HUB, True),
        ("*.example", HUB, True),
        ("b.example", HUB, False),
        (" other , HUB.example:443 ", "https://hub.example:443", True),
        ("hub.example:80", "https://hub.example:443", False),
        ("hub.example:443", HUB, True),
        ("hub.example.", HUB, True),
        ("[fd00::1]:80", "http://[fd00::1]/", True),
        ("10.0.0.0/8", "http://10.2.3.4", True),
        ("10.0.0.0/8", HUB, False),
        ("[fd00::1]:80,fd00::/16", "http://[fd00::1]:81", True),
        ("::1/x,, [", HUB, False),
    ],
)
def test_what_no_proxy_exempts(no_proxy: str, url: str, exempt: bool) -> None:
    assert proxies_of({"ALL_PROXY": "http://p:1", "NO_PROXY": no_proxy}).towards(url) == (
        None if exempt else "http://p:1"
    )


@pytest.mark.parametrize(
    "value",
    [
        *(":::", "socks4://p:1", "ftp://p:1", "http://", "http://p:99999", "http://[bad", "//", "@:", "http://p:x"),
        *("http:/p:1", "http://p\x01:1", "http://p p:1", "http://\udcff:1", "http://u:\udcff@p:1"),
    ],
)
def test_what_is_no_proxy_is_told_with_its_variable_and_the_remedy(value: str) -> None:
    with pytest.raises(ProxyError) as told:
        proxies_of({"HTTPS_PROXY": value}).towards(HUB)
    assert "HTTPS_PROXY names " in str(told.value) and "socks5://HOST:PORT" in str(told.value)


@pytest.mark.parametrize("login", ["me:secret", "me:secret/of", "me:a@secret", "secret"])
def test_a_password_is_not_told(login: str) -> None:
    with pytest.raises(ProxyError) as told:
        proxies_of({"ALL_PROXY": f"socks4://{login}@p:1"}).towards(HUB)
    assert "secret" not in str(told.value) and "socks4://p:1" in str(told.value)


def test_libraries_are_shown_none() -> None:
    environ = {"HTTP_PROXY": "a", "all_proxy": "b", "no_proxy": "c", "PATH": "d"}
    withhold(environ)
    assert environ == {"PATH": "d"}
