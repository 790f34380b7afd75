"""Bodies: documents, HTML and text become HTML that does nothing, and plain text that says the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ventuno import errors
from ventuno.mail.plain_text import plain_text
from ventuno.mail.rich_text import LONGEST_BODY, body_html
from ventuno.mail.sanitising import sanitised

EVIL = '<img src=x onerror="alert(1)"><script>alert(1)</script> {{now}} "quoted" & more'
VALUES: dict[str, Any] = {"trigger": {"evil": EVIL, "name": "Ada", "lines": "one\ntwo", "n": 5}, "now": "NOW"}


def html_of(body: str, *, is_html: bool = False) -> str:
    return sanitised(body_html(body, VALUES, is_html=is_html))


def doc(*nodes: Any) -> str:  # noqa: ANN401 - any JSON
    return json.dumps({"type": "doc", "content": list(nodes)})


def text(words: str, *marks: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"type": "text", "text": words, "marks": list(marks)}


def block(kind: str, *nodes: Any, **attrs: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"type": kind, "content": list(nodes), "attrs": attrs}


def tag(variable: str) -> dict[str, Any]:
    return {"type": "variableTag", "attrs": {"variable": variable}}


def marked(kind: str, **attrs: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"type": kind, "attrs": attrs}


ITEM = block("listItem", block("paragraph", text("x")))
IMAGE = marked("image", src="https://a.b/c.png", alt='"x"', width=10)
REL = ' rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (block("paragraph", text("a <b> & c")), "<p>a &lt;b&gt; &amp; c</p>"),
        (block("paragraph", text("x"), textAlign="center"), '<p style="text-align:center">x</p>'),
        (block("heading", text("x"), level=3), "<h3>x</h3>"),
        (block("heading", text("x"), level=99), "<h1>x</h1>"),
        (block("bulletList", ITEM), "<ul><li><p>x</p></li></ul>"),
        (block("orderedList", ITEM, start=4), '<ol start="4"><li><p>x</p></li></ol>'),
        (block("blockquote", block("paragraph", text("x"))), "<blockquote><p>x</p></blockquote>"),
        (block("codeBlock", text("a<b")), "<pre><code>a&lt;b</code></pre>"),
        ({"type": "horizontalRule"}, "<hr>"),
        (block("paragraph", text("a"), {"type": "hardBreak"}, text("b")), "<p>a<br>b</p>"),
        (text("x", marked("bold"), marked("italic")), "<em><strong>x</strong></em>"),
        (
            text("x", marked("link", href="https://a.b/?c=1&d=2")),
            f'<a href="https://a.b/?c=1&amp;d=2"{REL}>x</a>',
        ),
        (text("x", marked("link", href="mailto:a@b.c")), f'<a href="mailto:a@b.c"{REL}>x</a>'),
        (text("x", marked("textStyle", color="#f00")), '<span style="color:#f00">x</span>'),
        (
            IMAGE,
            '<img src="https://a.b/c.png" alt="&quot;x&quot;" width="10">',
        ),
        (block("somethingNew", block("paragraph", text("kept"))), "<p>kept</p>"),
    ],
)
def test_nodes_of_a_document_are_written_as_html(node: dict[str, Any], html: str) -> None:
    assert html_of(doc(node)) == html


@pytest.mark.parametrize(
    "node",
    [
        text("x", marked("link", href="javascript:alert(1)")),
        text("x", marked("link", href=" JaVaScRiPt:alert(1)")),
        text("x", marked("link", href="data:text/html,x")),
        text("x", marked("link", href="//evil.example")),
        text("x", marked("link", href=5)),
        text("x", marked("textStyle", color='red;background:url("https://t.example")')),
        text("x", marked("unknown")),
        text("x", "bold"),
    ],
)
def test_marks_that_could_act_leave_the_text_alone(node: dict[str, Any]) -> None:
    assert html_of(doc(node)) == "x"


@pytest.mark.parametrize(
    ("body", "is_html"),
    [
        (doc(block("paragraph", tag("{{trigger.evil}}"))), False),
        (doc(block("paragraph", text("{{trigger.evil}}"))), False),
        ("{{trigger.evil}}", False),
        ("Dear {{trigger.evil}}", False),
        ("<p>{{trigger.evil}}</p>", True),
    ],
)
def test_what_a_variable_brings_in_is_text_in_every_kind_of_body(body: str, *, is_html: bool) -> None:
    html = html_of(body, is_html=is_html)

    assert "<img" not in html
    assert "<script" not in html
    assert "{{now}}" in html
    assert EVIL in plain_text(html)


@pytest.mark.parametrize("body", ["", "{{trigger.nothing}}", "{{trigger.none}}"])
def test_a_body_that_is_nothing_is_empty(body: str) -> None:
    assert plain_text(body_html(body, {"trigger": {"none": None}})) == ""


def test_a_variable_cannot_make_a_document_of_a_text() -> None:
    values = {"trigger": {"x": doc(block("heading", text("evil"), level=1))}}

    assert "<h1>" not in body_html("{{trigger.x}}", values)


def test_lines_of_a_variable_are_lines_of_the_document() -> None:
    assert html_of(doc(block("paragraph", tag("{{trigger.lines}}")))) == "<p>one<br>two</p>"
    assert plain_text(html_of("{{trigger.lines}}")) == "one\ntwo"


ACTING = (
    '<html><head><title>t</title><style>p{}</style></head><body onload="x()">'
    '<p class="c" style="color:red;position:fixed;background:url(https://t.example)">Hi {{trigger.name}}</p>'
    '<iframe src="https://e"></iframe><form><input></form><svg><script>x</script></svg>'
    '<a href="vbscript:x">l</a><!-- c --></body></html>'
)


def test_html_of_an_author_is_cleaned_of_all_that_acts() -> None:
    html = html_of(ACTING, is_html=True)

    assert html == f'<p style="color:red">Hi Ada</p><a{REL}>l</a>'


@pytest.mark.parametrize("body", ['{"type": "doc"', '{"type": "other"}', "{}", "[1]", "null"])
def test_json_that_is_no_document_is_text(body: str) -> None:
    assert plain_text(html_of(body)) == body


def test_a_document_without_content_is_empty() -> None:
    assert html_of('{"type":"doc"}') == ""


def test_bodies_too_deep_or_too_long_are_refused() -> None:
    deep: Any = text("x")
    for _ in range(300):
        deep = block("blockquote", deep)
    with pytest.raises(errors.StepInputError, match="nested"):
        body_html(doc(deep), {})
    with pytest.raises(errors.StepInputError, match="characters"):
        body_html("x" * (LONGEST_BODY + 1), {})


@pytest.mark.parametrize("unit", ["<ul>", "<div>", "<div></b>", "<DIV><br>", "<b><i>"])
def test_html_that_is_nested_without_end_is_refused_at_once(unit: str) -> None:
    with pytest.raises(errors.StepInputError, match="nested deeper"):
        html_of(unit * 100_000, is_html=True)


@pytest.mark.parametrize(
    "unit", ["<br>", "<p>", "<li>x", "<b>x</b>", "<div><p>x</div>", "<img src='https://x.y'>"]
)
def test_html_that_is_long_and_flat_is_taken(unit: str) -> None:
    assert html_of(unit * 2_000, is_html=True)


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a<br>b</p>", "a\nb"),
        ("<h1>T</h1><p>a  \n b</p>", "T\n\na b"),
        ("<ul><li><p>a</p></li><li>b</li></ul>", "- a\n- b"),
        ('<ol start="3"><li>a</li><li>b<ul><li>c</li></ul></li></ol>', "3. a\n4. b\n  - c"),
        ('<p>see <a href="https://x.y">here</a></p>', "see here (https://x.y)"),
        ('<a href="https://x.y">https://x.y</a>', "https://x.y"),
        ('<a href="mailto:a@b.c">a@b.c</a>', "a@b.c"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a &lt; b &amp; c", "a < b & c"),
        ('<img src="https://x.y" alt="logo">', "logo"),
        ("", ""),
    ],
)
def test_plain_text_says_what_the_html_says(html: str, plain: str) -> None:
    assert plain_text(html) == plain
