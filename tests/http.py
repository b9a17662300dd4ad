"""A client that uses pages as a person does: it reads them, fills in their forms and presses buttons."""

import contextvars
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, NoReturn
from urllib.parse import urlencode, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from quizapp.db import db


@dataclass
class Form:
    """A form as the page gives it: where it goes, and what would be sent if nothing were touched."""

    action: str
    method: str
    multipart: bool = False
    values: MultiDict[str, str] = field(default_factory=MultiDict)
    names: set[str] = field(default_factory=set)  # every field that can be filled in
    choices: dict[str, set[str]] = field(default_factory=dict)  # of radio buttons, boxes and lists
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # (words, name, value)
    elsewhere: dict[str, str] = field(default_factory=dict)  # words of a button: its own formaction


@dataclass
class _List:
    """A select element while its options are read."""

    form: Form
    name: str
    multiple: bool
    options: list[str] = field(default_factory=list)
    selected: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the text and the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.headings: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.token = ""
        self._form: Form | None = None
        self._hidden: list[str] = []  # inside <script>, <template>, <style>
        self._gather: list[tuple[str, dict[str, str], list[str]]] = []  # open elements whose text is needed
        self._list: _List | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = {name: value if value is not None else "" for name, value in attributes}
        if tag in ("script", "style", "template"):
            self._hidden.append(tag)
        elif tag == "form":
            method = a.get("method", "get").upper()
            self._form = Form(a.get("action", ""), method, a.get("enctype") == "multipart/form-data")
            self.forms.append(self._form)
            self.by_id[a.get("id", "")] = self._form
        elif tag == "meta" and a.get("name") == "csrf-token":
            self.token = a.get("content", "")
        elif tag == "input":
            self._field(tag, a, a.get("value", ""))
        elif tag == "select":
            self._list = _List(self._owner(a), a.get("name", ""), "multiple" in a)
            self._list.form.names.add(self._list.name)
        elif tag == "option":
            self._end_option()  # its end tag may be left out
        if tag in ("button", "textarea", "option", "h1", "a"):
            self._gather.append((tag, a, []))

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._end_option()
            self._end_list()
        if self._gather and self._gather[-1][0] == tag:
            _, a, pieces = self._gather.pop()
            self._gathered(tag, a, "".join(pieces))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)
            for _, _, pieces in self._gather:
                pieces.append(data)

    def _gathered(self, tag: str, a: dict[str, str], text: str) -> None:
        plain = " ".join(text.split())
        if tag == "h1":
            self.headings.append(plain)
        elif tag == "a":
            self.links.append((plain, a.get("href", "")))
        elif tag == "button" and a.get("type", "submit") == "submit":
            words = plain or a.get("aria-label", "")
            self._owner(a).buttons.append((words, a.get("name", ""), a.get("value", "")))
            if "formaction" in a:
                self._owner(a).elsewhere[words] = a["formaction"]
        elif tag == "textarea":
            self._field(tag, a, text.removeprefix("\n"))
        elif tag == "option" and self._list:
            value = a.get("value", plain)
            self._list.options.append(value)
            if "selected" in a:
                self._list.selected.append(value)

    def _end_option(self) -> None:
        if self._gather and self._gather[-1][0] == "option":
            _, a, pieces = self._gather.pop()
            self._gathered("option", a, "".join(pieces))

    def _end_list(self) -> None:
        if self._list is None:
            return
        chosen = self._list.selected
        if not chosen and not self._list.multiple:
            chosen = self._list.options[:1]  # a drop-down shows, and sends, its first option
        self._list.form.choices.setdefault(self._list.name, set()).update(self._list.options)
        for value in chosen:
            self._list.form.values.add(self._list.name, value)
        self._list = None

    def _owner(self, a: dict[str, str]) -> Form:
        if "form" in a and a["form"] in self.by_id:
            return self.by_id[a["form"]]
        return self._form or Form("", "GET")  # a field outside of every form is never sent

    def _field(self, tag: str, a: dict[str, str], value: str) -> None:
        form, name, kind = self._owner(a), a.get("name", ""), a.get("type", "text").lower()
        if kind in ("submit", "image") and tag == "input":
            form.buttons.append((value, name, value))
            return
        if not name or "disabled" in a or kind in ("button", "reset"):
            return
        if name == "csrf_token":
            self.token = value
        form.names.add(name)
        if tag == "input" and kind in ("radio", "checkbox"):
            form.choices.setdefault(name, set()).add(a.get("value", "on"))
            if "checked" in a:
                form.values.add(name, a.get("value", "on"))
        elif kind != "file":
            form.values.add(name, value)


class Page:
    """A reply as the person sees it. `status`, `text`, `h1`, `links`, `forms`; `press` sends a form."""

    def __init__(self, client: "QuizClient", reply: TestResponse) -> None:
        self.client, self.reply = client, reply
        self.status = reply.status_code
        self.path = reply.request.path
        self.html = reply.get_data(as_text=True)
        reader = _Reader()
        reader.feed(self.html)
        reader.close()
        self.text = " ".join("".join(reader.words).split())
        self.h1 = reader.headings[0] if reader.headings else ""
        self.links = reader.links
        self.forms = reader.forms
        self.token = reader.token

    def form(self, words: str | None = None) -> Form:
        """The form whose button or action contains these words; without words, the only one that posts."""
        found = [
            form
            for form in self.forms
            if (form.method == "POST" if words is None else _is_called(form, words))
        ]
        if len(found) != 1:
            seen = [(form.method, form.action, [b[0] for b in form.buttons]) for form in self.forms]
            raise LookupError(f"{len(found)} forms match {words!r} on {self.path} ({self.status}): {seen}")
        return found[0]

    def press(self, button: str | None = None, /, **fields: Any) -> "Page":
        """Fill in the form of this button and press it; follows the redirect, as a browser does.

        A list ticks several boxes, None empties a field, (stream, "name.xlsx") is a file. A field that the
        form does not have, or a choice that it does not offer, is an error of the test.
        """
        form = self.form(button)
        values = MultiDict(form.values)
        for words, name, value in form.buttons:
            if name and (words == button or len(form.buttons) == 1):
                values.add(name, value)
        for name, given in fields.items():
            if name not in form.names:
                raise LookupError(f"the form has no field {name!r}, only {sorted(form.names)}")
            chosen = given if isinstance(given, list) else [] if given is None else [given]
            if name in form.choices and not {str(c) for c in chosen} <= form.choices[name]:
                raise LookupError(f"{name!r} offers {sorted(form.choices[name])}, not {given!r}")
            values.setlist(name, [c if isinstance(c, tuple) else str(c) for c in chosen])
        address = urljoin(self.reply.request.url, form.elsewhere.get(button or "", form.action))
        if form.method == "GET":
            query = urlencode(list(values.items(multi=True)))
            return self.client.page(f"{urlsplit(address).path}?{query}")
        target = address.removeprefix(self.reply.request.host_url.rstrip("/"))
        kind = "multipart/form-data" if form.multipart else "application/x-www-form-urlencoded"
        headers = {"Referer": self.reply.request.url}
        reply = self.client.post(
            target, data=values, content_type=kind, headers=headers, follow_redirects=True
        )
        return self.client.read(reply)

    def follow(self, words: str) -> "Page":
        """Click the link with these words."""
        found = {href for text, href in self.links if words in text}
        if len(found) != 1:
            raise LookupError(f"{len(found)} links say {words!r} on {self.path}: {sorted(found)}")
        return self.client.page(urljoin(self.reply.request.url, found.pop()).removeprefix(self.client.host))


def _is_called(form: Form, words: str) -> bool:
    return words in form.action if words.startswith("/") else any(words in b[0] for b in form.buttons)


class QuizClient(FlaskClient):
    """Flask's client, safe beside a pushed app context, with pages and JSON.

    Each request runs as if nothing surrounded it: its own app context, session and `g`. What the test itself
    prepared in `db.session` is committed before, and its objects are read anew after.
    """

    token = ""  # of the last page read, for JSON requests

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        _release_session()
        options["buffered"] = True  # all of the reply is made inside the context that ends here
        return contextvars.Context().run(super().open, *arguments, **options)

    def __enter__(self) -> NoReturn:
        raise TypeError("requests keep no context behind: look at the reply, the tables or another page")

    @property
    def host(self) -> str:
        return f"http://{self.application.config.get('SERVER_NAME') or 'localhost'}"

    def page(self, address: str, *, status: int | None = 200) -> Page:
        """Open a page and follow redirects; any other status than this is an error (None: whatever comes)."""
        page = self.read(self.get(address, follow_redirects=True))
        if status is not None and page.status != status:
            raise AssertionError(f"{address} answers {page.status}, not {status}: {page.text[:500]}")
        return page

    def read(self, reply: TestResponse) -> Page:
        page = Page(self, reply)
        self.token = page.token or self.token
        return page

    def send(self, method: str, address: str, body: Any = None, **options: Any) -> TestResponse:
        """A JSON request from the script of the page read last, with that page's CSRF token in its header."""
        headers = {"X-CSRFToken": self.token, "Accept": "application/json"} | options.pop("headers", {})
        return self.open(address, method=method, json=body, headers=headers, **options)


def _release_session() -> None:
    """End the test's own transaction: an open one would hold the writer's turn that the request needs."""
    from flask import has_app_context

    if has_app_context():
        db.session.commit()
