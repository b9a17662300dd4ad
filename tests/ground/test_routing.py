"""Addresses are put together at their first use, and then as Werkzeug itself puts them together."""

import inspect

import pytest
from werkzeug.routing import Map, Rule

from quizapp.routing import LateRule

RULES = {
    "plain": "/reports/",
    "number": "/reports/exams/<int:exam_id>/people",
    "words": "/regulations/<slug>/<path:place>",
    "choice": "/reports/exams/<int:exam_id>/file.<any(xlsx, csv):kind>",
}


def built(kind, endpoint, values):
    rules = [kind(rule, endpoint=name) for name, rule in RULES.items()]
    rules.append(kind("/list", endpoint="paged", defaults={"page": 1}))
    rules.append(kind("/list/<int:page>", endpoint="paged"))
    return Map(rules).bind("localhost").build(endpoint, values)


@pytest.mark.parametrize(
    ("endpoint", "values", "address"),
    [
        ("plain", {}, "/reports/"),
        ("plain", {"unit": 3, "q": "信访 工作"}, "/reports/?unit=3&q=%E4%BF%A1%E8%AE%BF+%E5%B7%A5%E4%BD%9C"),
        ("number", {"exam_id": 12, "only": None}, "/reports/exams/12/people"),
        ("words", {"slug": "条例", "place": "24/1"}, "/regulations/%E6%9D%A1%E4%BE%8B/24/1"),
        ("choice", {"exam_id": 1, "kind": "xlsx", "unit": 2}, "/reports/exams/1/file.xlsx?unit=2"),
        ("paged", {"page": 1}, "/list"),
        ("paged", {"page": 2}, "/list/2"),
    ],
)
def test_an_address_is_the_same(endpoint, values, address):
    assert built(LateRule, endpoint, values) == built(Rule, endpoint, values) == address


def test_making_an_application_compiles_none_and_building_one_compiles_it_once(make_app, monkeypatch):
    compiled = []
    real = Rule._compile_builder

    def counted(self, append_unknown=True):
        compiled.append(self.endpoint)
        return real(self, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", counted)
    app = make_app(PASSWORD_MINIMUM=12)
    assert compiled == []
    with app.test_request_context():
        for _ in range(2):
            assert app.url_for("reports.index_exam", exam_id=5) == "/reports/exams/5"
    assert set(compiled) == {"reports.index_exam"}
    assert len(compiled) <= 2  # with and without what the rule does not name


def test_no_view_and_no_hook_is_a_coroutine(app):
    """`Application.ensure_sync` hands them on as they are, so one would never be run."""
    hooks = [
        hook
        for kept in (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
        for those in kept.values()
        for hook in those
    ]
    handlers = [
        handler
        for codes in app.error_handler_spec.values()
        for classes in codes.values()
        for handler in classes.values()
    ]
    called = [*app.view_functions.values(), *hooks, *handlers, *app.teardown_appcontext_funcs]
    assert len(called) > 200
    assert not [each for each in called if inspect.iscoroutinefunction(each)]
