"""Templates are a tenant's input: what a template may contain, and what is refused."""

import time

import pytest

from app.messages.grammar import UnsoundTemplateError
from app.messages.render import MOST_SOURCE, MOST_TEXT, Rendered, as_html, check, one_line, render
from app.messages.samples import SAMPLES

EVENT = "refund.created"
VALUES = {name: value for name, value in SAMPLES.items() if not isinstance(value, bool)}


def error_of(source: str, event: str = EVENT) -> UnsoundTemplateError:
    with pytest.raises(UnsoundTemplateError) as caught:
        check(source, event, "ko")
    return caught.value


@pytest.mark.parametrize(
    ("body", "code", "complaint"),
    [
        ("{{ nobody }}", "undefined_variable", "nobody"),
        ("{{ refund_due_on|day }}", "undefined_variable", "refund_due_on"),
        ("{{ total|money }}", "undefined_variable", "total"),
        ("{{ delay_reason }}", "undefined_variable", "delay_reason"),
        ("{% for line in lines %}{{ line.colour }}{% endfor %}", "undefined_variable", "colour"),
        ("{% if nobody %}x{% endif %}", "undefined_variable", "nobody"),
        ("{% for one in nobody %}x{% endfor %}", "undefined_variable", "nobody"),
        ("{{ refund_due_on.year }}", "undefined_variable", "refund_due_on"),
        ("{{ buyer|upper }}", "wrong_use", ""),
        ("{{ shop|money }}", "wrong_use", ""),
        ("{{ refund_amount|day }}", "wrong_use", ""),
        ("{{ lines }}", "wrong_use", "loop"),
        ("{{ requested_on }}", "wrong_use", "|day"),
        ("{% if shop %}", "template_syntax", ""),
        ("{{ shop", "template_syntax", ""),
        ("{{ shop | nofilter }}", "not_in_templates", "nofilter"),
    ],
)
def test_what_would_fail_when_it_is_sent_fails_when_it_is_saved(body: str, code: str, complaint: str) -> None:
    error = error_of(f"제목\n\n{body}")
    assert error.code == code
    assert complaint in error.detail
    assert error.line == 3 or code == "template_syntax"


@pytest.mark.parametrize(
    "body",
    [
        "{{ shop.__class__ }}",
        "{{ shop['__class__'] }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ shop|attr('__class__') }}",
        "{{ shop.format('x') }}",
        "{{ shop.upper() }}",
        "{{ lines.append(1) }}",
        "{{ cycler }}{{ joiner() }}",
        "{{ namespace(x=1) }}",
        "{{ self._TemplateReference__context }}",
        "{{ _steps }}",
        "{{ [1]|map('upper')|list }}",
        "{{ '%s'|format(shop) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ shop ~ shop }}",
        "{{ lines[0] }}",
        "{{ lines[1:] }}",
        "{{ {'a': 1} }}",
        "{% set x = shop %}",
        "{% set x %}a{% endset %}",
        "{% with x = 1 %}{% endwith %}",
        "{% for i in range(1000000) %}{% endfor %}",
        "{% for a in lines recursive %}{{ loop(lines) }}{% endfor %}",
        "{% for a in lines %}{% for b in lines %}{% for c in lines %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a, b in lines %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}",
        "{% call f() %}{% endcall %}",
        "{% filter upper %}{% endfilter %}",
        "{% block b %}{% endblock %}",
        "{% include 'claim.rejected.buyer.txt' %}",
        "{% import 'x' as x %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% autoescape true %}{% endautoescape %}",
        "{% if shop is callable %}{% endif %}",
        "{{ shop is sameas(shop) }}",
        "{{ lines|tojson }}",
        "{{ shop|safe }}",
        "{{ shop|center(1000000000) }}",
        "{{ shop|indent(1000000000) }}",
        "{{ shop|replace('a', 'b') }}",
        "{{ undefined_thing.__init__.__globals__ }}",
    ],
)
def test_a_template_cannot_reach_python_or_files(body: str) -> None:
    started = time.perf_counter()
    assert error_of(f"제목\n\n{body}").code in ("not_in_templates", "template_syntax", "undefined_variable")
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("x" * (MOST_SOURCE + 1), "template_too_long"),
        ("a\n" + "x" * MOST_TEXT, "message_too_long"),
        ("a\n{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "template_syntax"),
        ("a\n" + "{% if shop %}" * 600 + "x" + "{% endif %}" * 600, "template_syntax"),
        ("a\n{{ " + "not " * 2000 + "shop }}", "template_syntax"),
        ("a\n" + "{% if shop %}" * 45 + "x" + "{% endif %}" * 45, "template_too_deep"),
        ("a\n{{ " + "9" * 5000 + " }}", "template_syntax"),
        ("", "message_is_empty"),
        ("only a subject", "message_is_empty"),
        ("\n\n\n", "message_is_empty"),
        ("{% if false %}x{% endif %}\n\n", "message_is_empty"),
    ],
)
def test_a_template_has_bounds(source: str, code: str) -> None:
    started = time.perf_counter()
    assert error_of(source).code == code
    assert time.perf_counter() - started < 2


def test_loops_are_counted() -> None:
    """A hundred nested loops over the lines: the template is short and would run for a long time."""
    many = [{"title": "a", "quantity": 1}] * 200
    nested = "{% for a in lines %}{% for b in lines %}{% endfor %}{% endfor %}"
    started = time.perf_counter()
    with pytest.raises(UnsoundTemplateError, match="too many steps"):
        render(f"a\nb{nested * 100}", EVENT, "ko", {**VALUES, "lines": many})
    assert time.perf_counter() - started < 1


def test_a_line_of_tags_alone_writes_no_line_and_other_lines_keep_their_end() -> None:
    item = "- {{ line.title }}{% if line.quantity > 1 %} x{% endif %}"
    source = f"{{{{ shop }}}}\n{{% for line in lines %}}\n{item}\n{{% endfor %}}\nend"
    two = [{"title": "a", "quantity": 2}, {"title": "b", "quantity": 1}]
    assert render(source, EVENT, "ko", {**VALUES, "lines": two}).text == "- a x\n- b\nend"


def test_lines_are_counted_as_they_were_written() -> None:
    assert error_of("제목\n{% if shop %}\n{{ shop }}{% if buyer %}!{% endif %}\n{% endif %}\n{{ nobody }}").line == 5


def test_a_variable_that_only_some_messages_have_must_be_tested_first() -> None:
    check("제목\n{% if refund_due_on %}{{ refund_due_on|day }}{% else %}-{% endif %}", EVENT, "ko")
    check("제목\n{{ refund_due_on|day if refund_due_on else '-' }}", EVENT, "ko")
    check("제목\n{{ buyer|default('고객') }}님", EVENT, "ko")
    check("제목\n{% if buyer is defined %}{{ buyer }}{% endif %}x", EVENT, "ko")


def test_a_message_without_what_it_is_about_is_not_made() -> None:
    with pytest.raises(UnsoundTemplateError, match="refund_amount"):
        render("a\nb", EVENT, "ko", {name: value for name, value in VALUES.items() if name != "refund_amount"})


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("머그\r\nBcc: eve@example.com", "머그 Bcc: eve@example.com"),
        ("머그\u2028X-Evil: 1", "머그 X-Evil: 1"),
        ("머그\x0b\x0c\x1c\x85가게", "머그 가게"),
        ("머그\x00\x1b[2J", "머그 [2J"),
        ("  머그   가게  ", "머그 가게"),
        ("머그\u202e가게", "머그 가게"),
    ],
)
def test_one_line_is_one_line(text: str, subject: str) -> None:
    assert one_line(text) == subject


def test_a_subject_is_one_line_whatever_the_shop_is_called() -> None:
    message = render("{{ shop }} 안내\n본문", EVENT, "ko", {**VALUES, "shop": "머그\r\nBcc: eve@example.com"})
    assert "\n" not in message.subject
    assert "\r" not in message.subject


def test_what_people_wrote_is_not_run() -> None:
    """A value is never rendered as a template."""
    message = render("a\n{{ shop }}", EVENT, "ko", {**VALUES, "shop": "{{ order_id }}{% for %}"})
    assert message.text == "{{ order_id }}{% for %}"


def test_html_is_escaped_and_loads_nothing() -> None:
    page = as_html(Rendered(subject="<b>", text='<script>alert("1")</script>\nnext\n\n<img src=x onerror=y>'), "ko")
    assert page.startswith('<!DOCTYPE html>\n<html lang="ko">')
    assert "<title>&lt;b&gt;</title>" in page
    assert "<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;<br>next</p>" in page
    assert "<p>&lt;img src=x onerror=y&gt;</p>" in page
