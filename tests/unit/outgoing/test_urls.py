"""URLs are read by one parser, and what could be read in two ways is refused."""

from __future__ import annotations

import pytest

from ventuno import errors
from ventuno.outgoing.urls import Target, target_of, with_query

READ = {
    "https://a.example": Target("https", "a.example", 443, "/"),
    "HTTP://A.Example:8080/p/q?x=1&y=%20#f": Target("http", "a.example", 8080, "/p/q?x=1&y=%20"),
    "https://bücher.example/ü?ö=ß": Target("https", "xn--bcher-kva.example", 443, "/%C3%BC?%C3%B6=%C3%9F"),
    "http://[2606:4700::1]:81/": Target("http", "2606:4700::1", 81, "/"),
    "http://2130706433/": Target("http", "2130706433", 80, "/"),
    "http://0177.0.0.1/": Target("http", "0177.0.0.1", 80, "/"),
}
REFUSED = {
    "ftp://a.example/": "http://",
    "file:///etc/passwd": "http://",
    "javascript:alert(1)": "http://",
    "//a.example/": "http://",
    "a.example": "http://",
    "": "http://",
    "http://user@10.0.0.1/": "credentials",
    "http://user:word@a.example/": "credentials",
    "http://a.example@b.example/": "credentials",
    "http://": "host",
    "http:///path": "host",
    "http://a.example:99999/": "read",
    "http://a.example:0/": "port 0",
    "http://a.example:x/": "read",
    "http://a b/": "space",
    "http://a.example/\r\nHost: b": "space",
    "http://a.example\\@b.example/": "backslash",
    "http://[::1": "read",
    "http://[fe80::1%25eth0]/": "host",
    "http://a..example/": "name",
    "http://exa%6dple/": "host",
    "http://a.example/" + "x" * 20_000: "allowed",
}


@pytest.mark.parametrize("url", READ)
def test_a_url_is_taken_apart(url: str) -> None:
    assert target_of(url) == READ[url]


@pytest.mark.parametrize("url", REFUSED)
def test_a_url_that_leads_nowhere_clear_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(errors.StepInputError, match=REFUSED[url]):
        target_of(url)


@pytest.mark.parametrize(
    ("target", "authority"),
    [
        ("https://a.example/", "a.example"),
        ("https://a.example:443/", "a.example"),
        ("https://a.example:80/", "a.example:80"),
        ("http://[::1]:81/", "[::1]:81"),
    ],
)
def test_the_host_header_names_the_port_where_it_is_unusual(target: str, authority: str) -> None:
    assert target_of(target).authority == authority


@pytest.mark.parametrize(
    ("url", "pairs", "whole"),
    [
        ("https://a/", [], "https://a/"),
        ("https://a/", [("k", "v & w")], "https://a/?k=v+%26+w"),
        ("https://a/?x=1", [("k", "é"), ("k", "2")], "https://a/?x=1&k=%C3%A9&k=2"),
        ("https://a/#f", [("k", "#")], "https://a/?k=%23"),
    ],
)
def test_parameters_are_added_encoded_and_before_the_fragment(
    url: str, pairs: list[tuple[str, str]], whole: str
) -> None:
    assert with_query(url, pairs) == whole
