"""Every template of the house compiles, speaks through gettext, keeps to the content policy and protects its forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from flask_babel import lazy_gettext as _l
from jinja2 import TemplateAssertionError, UndefinedError, meta
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from tests.house.template_checks import macros_of, offences, reading

ROOT = Path(__file__).parents[2]
OUTSIDE = {".venv", "bench", "campus", "node_modules", "var"}
"""The campus plays the LMS: its pages are English, and it posts launches to us without knowing our tokens. The bench
holds other people's tools."""
GROUND_FLOOR = ROOT / "lti_tool"
ICONS = GROUND_FLOOR / "static/vendor/lucide-static-1.62.0/icons"


def ours(pattern: str) -> dict[str, Path]:
    """The files of the repository that match, by their path from the root."""
    files = {file.relative_to(ROOT): file for file in sorted(ROOT.rglob(pattern))}
    return {path.as_posix(): file for path, file in files.items() if not OUTSIDE & set(path.parts)}


FOUND = ours("templates/**/*.html")
STYLESHEETS = ours("static/*.css")
WITHOUT_TOKEN = {
    "lti_tool/templates/deep_linking/return.html": "goes to the LMS, which has our signature to go by",
    "lti_tool/templates/handing_over/login.html": "begins a login, as any LMS may",
    "lti_tool/templates/handing_over/launch.html": "carries an id_token, and the browser vouches for our origin",
    "lti_tool/templates/check/door.html": "carries a code that only somebody at the machine can know",
    "lti_tool/templates/check/check.html": "carries a token of the operator's own cookie",
    "lti_tool/templates/notices/unsubscribe.html": "stands at a secret address, which is all the proof there can be",
    "mentoring/together/checkins/templates/checkins/answer.html": "stands at a secret address in a mail",
    "lti_tool/templates/stop_mails.html": "stands at a secret address in a mail",
    "reviews/answering/templates/outside/begin.html": "stands at a secret address in a mail",
    "reviews/answering/templates/outside/in_use.html": "stands at a secret address in a mail",
    "lti_tool/templates/handing_over/open.html": "carries a ticket, and the browser vouches for our origin",
}
"""Forms shown where no session can be, so without its token against forgery, and why they need none."""
MACROS = macros_of(file.read_text("utf-8") for file in FOUND.values())


def page_maker() -> Flask:
    """The application's way with templates, without the application."""
    app = Flask("house", template_folder=str(GROUND_FLOOR / "templates"))
    app.config["SECRET_KEY"] = "for tests"
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    return app


def test_there_is_something_to_check():
    assert "lti_tool/templates/page.html" in FOUND
    assert "lti_tool/static/mentoring.css" in STYLESHEETS


@pytest.mark.parametrize("path", FOUND)
def test_a_template_compiles_and_finds_what_it_refers_to(path: str):
    source = FOUND[path].read_text("utf-8")
    known = {each.split("/templates/", 1)[1] for each in FOUND}

    page_maker().jinja_env.compile(source, path)
    named = {name for name in meta.find_referenced_templates(reading().parse(source)) if name is not None}

    assert named - known == set()


@pytest.mark.parametrize("path", FOUND)
def test_a_template_has_no_offence(path: str):
    found = offences(FOUND[path].read_text("utf-8"), MACROS)

    assert [each for each in found if path not in WITHOUT_TOKEN or not each.endswith("without a csrf token")] == []


@pytest.mark.parametrize(
    ("snippet", "found"),
    [
        ("<p>Hello</p>", ["line 1: not through gettext: 'Hello'"]),
        ("<p>\n  {{ name }} waits\n</p>", ["line 2: not through gettext: '\\ue000 waits'"]),
        ("{% if here %}\n<p>مرحبا</p>{% endif %}", ["line 2: not through gettext: 'مرحبا'"]),
        ("{% trans %}\nYes\n{% endtrans %}<p>No</p>", ["line 3: not through gettext: 'No'"]),
        ("<svg><title>Chart</title></svg>", ["line 1: not through gettext: 'Chart'"]),
        ('<img alt="A face">', ["line 1: not through gettext: 'A face', in alt"]),
        ('<nav aria-label="Pages">', ["line 1: not through gettext: 'Pages', in aria-label"]),
        ('<td data-label="State">', ["line 1: not through gettext: 'State', in data-label"]),
        ('<input type="submit" value="Send">', ["line 1: not through gettext: 'Send', in value"]),
        ('{{ card("Yours") }}', ["line 1: not through gettext: 'Yours', title of card"]),
        ('{{ card(title="Yours") }}', ["line 1: not through gettext: 'Yours', title of card"]),
        ('{% call card("Yours") %}{% endcall %}', ["line 1: not through gettext: 'Yours', title of card"]),
        (
            '{{ card(_("Yours") if mine else "theirs") }}',
            ["line 1: not through gettext: 'theirs', title of card"],
        ),
        ('{% set x = [{"label": "First"}] %}', ["line 1: not through gettext: 'First', under label"]),
        (
            '{{ field(placeholder="your name") }}',
            ["line 1: not through gettext: 'your name', placeholder of field"],
        ),
        ('{{ "Done" if done else "" }}', ["line 1: not through gettext: 'Done', printed"]),
        ('<p style="color: red">', ["line 1: the attribute style"]),
        ('<a onclick="x()">', ["line 1: the attribute onclick"]),
        ('<a hx-on:click="x()">', ["line 1: the attribute hx-on:click"]),
        ('<a href="javascript:x()">', ["line 1: a script in href"]),
        ("<style></style>", ["line 1: an inline <style>"]),
        ("<script></script>", ["line 1: an inline <script>"]),
        ('<form method="POST"></form>', ["line 1: a form that posts without a csrf token"]),
        ('<form hx-post="/x"></form>', ["line 1: a form that posts without a csrf token"]),
        ('<button hx-post="/x"></button>', ["line 1: hx-post outside a form, so without a csrf token"]),
        (
            '<form method="post">{{ csrf_token() }}</form>\n<form method="post"></form>',
            ["line 2: a form that posts without a csrf token"],
        ),
    ],
)
def test_the_check_finds(snippet: str, found: list[str]):
    assert offences(snippet, {"card": ["title", "key"]}) == found


@pytest.mark.parametrize(
    "snippet",
    [
        '<p>{{ _("Hello") }}, {{ name }}: 4 &ndash; 5</p>',
        "{% trans name=name %}Hello {{ name }}{% endtrans %}",
        '<a class="{% if here %}is-here{% endif %}" aria-label="{{ _("Home") }}">1</a>',
        "{# A remark #}<pre><code>flask deliver</code></pre>",
        '{{ card(_("Yours"), key="yours") }}',
        '{{ url_for("home", title="Yours") }}',
        '<form method="get"><input type="hidden" value="old"></form>',
        '<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form>',
        '<form method="post">{{ form.hidden_tag() }}<button hx-post="/x">{{ label }}</button></form>',
        '<script src="{{ asset("page.js") }}" defer></script>',
    ],
)
def test_the_check_lets_pass(snippet: str):
    assert offences(snippet, {"card": ["title", "key"]}) == []


def test_a_template_with_an_unknown_filter_does_not_compile():
    with pytest.raises(TemplateAssertionError):
        page_maker().jinja_env.compile("{{ name|shout }}")


class Wishes(Form):
    name = StringField("Name", [InputRequired(_l("Say your name."))])
    day = RadioField("Day", [InputRequired(_l("Choose a day."))], choices=[SelectChoice("mo", "Monday")])
    topics = SelectMultipleField(
        "Topics",
        [InputRequired(_l("Choose a topic."))],
        choices=[SelectChoice("a", "Learning")],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


def rendered(template: str, **context: object) -> str:
    """A snippet with the templates of the ground floor at hand."""
    app = page_maker()
    with app.test_request_context():
        return app.jinja_env.from_string(template).render(**context)


def wrong_wishes() -> Wishes:
    form = Wishes(MultiDict())
    form.validate()
    return form


def test_the_summary_of_errors_leads_to_each_field_or_its_first_choice():
    page = rendered(
        '{% from "_fields.html" import any_field, error_summary %}'
        "{{ error_summary(form) }}{% for field in form %}{{ any_field(field) }}{% endfor %}",
        form=wrong_wishes(),
    )

    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page)
    ids = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page))

    assert links == [("name", "Say your name."), ("day-0", "Choose a day."), ("topics-0", "Choose a topic.")]
    assert {target for target, _error in links} - ids == set()


def test_a_field_is_tied_to_its_hint_and_its_error():
    page = rendered(
        '{% from "_fields.html" import text_field %}{{ text_field(form.name, hint="As you like it") }}',
        form=wrong_wishes(),
    )

    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', page)
    assert described is not None
    assert described[1].split() == ["name-hint", "name-errors"]
    assert 'aria-invalid="true"' in page
    assert re.findall(r'id="(name-[a-z]+)"', page) == ["name-hint", "name-errors"]


def test_initials_are_the_first_letters_of_the_first_and_the_last_name():
    names = ["Leo Brandt", "María del Carmen", "Participant 7", "zoë", "محمد عبد الله", ""]

    page = rendered(
        '{% from "_parts.html" import avatar %}{% for name in names %}{{ avatar(name) }}{% endfor %}',
        names=names,
    )

    circles = re.findall(r'<span class="avatar" aria-hidden="true">([^<]*)</span>', page)
    assert [circle.replace("&zwnj;", "") for circle in circles] == ["LB", "MC", "P7", "Z", "ما", ""]


def test_every_icon_is_the_vendored_one():
    shapes = re.findall(
        r'^  "([a-z0-9-]+)": \'(.*)\'\|safe,$', (GROUND_FLOOR / "templates/_icons.html").read_text(), re.M
    )

    assert {name: _squeezed(shape) for name, shape in shapes} == {
        file.stem: _squeezed(file.read_text().split("\n>\n", 1)[1].removesuffix("</svg>\n"))
        for file in ICONS.glob("*.svg")
    }


def _squeezed(markup: str) -> str:
    return re.sub(r"\s+", "", markup)


def test_an_icon_that_does_not_exist_is_an_error():
    with pytest.raises(UndefinedError):
        rendered('{% from "_icons.html" import icon %}{{ icon("unicorn") }}')


PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[a-z-]*"
    r"|left|right|top|bottom|(?:min-|max-)?(?:width|height)|float):|text-align: (?:left|right)",
    re.MULTILINE,
)


@pytest.mark.parametrize("path", STYLESHEETS)
def test_a_stylesheet_has_no_left_and_right_so_that_it_turns_with_the_language(path: str):
    assert PHYSICAL.findall((ROOT / path).read_text("utf-8")) == []


@pytest.mark.parametrize("line", ["  margin-left: 0;", "  right: 0;", "  min-width: 0;", "  text-align: left;"])
def test_left_and_right_are_found_in_a_stylesheet(line: str):
    assert len(PHYSICAL.findall(f"p {{\n{line}\n}}")) == 1


def test_everything_a_template_of_the_ground_floor_links_to_is_there():
    sources = [file.read_text("utf-8") for path, file in FOUND.items() if path.startswith("lti_tool/")]

    named = {name for source in sources for name in re.findall(r'asset\("([^"]+)"\)', source)}

    assert {name for name in named if not (GROUND_FLOOR / "static" / name).is_file()} == set()
    assert "mentoring.css" in named


def test_every_vendored_folder_has_its_licence_and_its_line_in_the_table():
    vendor = GROUND_FLOOR / "static/vendor"
    folders = sorted(each for each in vendor.iterdir() if each.is_dir())

    listed = re.findall(r"^\| \[([^]]+)\]\([^)]+\) \| ([0-9.]+) \|", (vendor / "VENDORED.md").read_text(), re.M)

    assert [f"{name}-{version}" for name, version in sorted(listed)] == [each.name for each in folders]
    assert [each.name for each in folders if not (each / "LICENSE").is_file()] == []
