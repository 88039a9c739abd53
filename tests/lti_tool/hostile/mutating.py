"""Launches bent at random, each with what must come of it: pure values, a seed in, no database, no web.

A launch is bent in one to three places at most once each, so that no change undoes another. Each change says
whether the launch must be let in with it (LET_IN), must not (REFUSED), or may go either way (EITHER); of several
the strictest counts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from random import Random
from typing import Any

import jwt

from lti_tool.claims import AGS, DEEP_LINKING, GROUPS, LTI, MEMBERSHIP, NRPS
from tests.lti_tool.launching import claims, private_key, public_jwk

MARK = "Geheimnis7"
"""Stands in everything personal that a bent launch says, and must never be told."""
MOST_TOKEN = 32 * 1024


class Fate(IntEnum):
    LET_IN = 0
    EITHER = 1
    REFUSED = 2


LET_IN, EITHER, REFUSED = Fate


@dataclass
class Bent:
    """One launch on its way, to be bent further."""

    random: Random
    body: dict[str, Any]
    state: str
    at: int
    key: str = "one"
    algorithm: str = "RS256"
    header: dict[str, Any] = field(default_factory=lambda: {"kid": "one"})
    spell: Callable[[str], str] = str
    """What is done to the text of the body before it is signed."""
    tamper: Callable[[str], str] = str
    """What is done to the whole token after it was signed."""
    form: list[tuple[str, str]] = field(default_factory=list)
    says_state: bool = True
    cookie: str | None = "the right one"
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    content_type: str = ""
    query: dict[str, str] = field(default_factory=dict)
    fate: Fate = LET_IN
    told: list[str] = field(default_factory=list)
    """What was done to it, for whoever has to find out why."""

    @property
    def is_launch(self) -> bool:
        return self.method == "POST"

    def token(self) -> str:
        """The token, and with it the fate of one that became too large."""
        text = self.spell(json.dumps(self.body))
        signed = jwt.api_jws.encode(
            text.encode("utf-8", "surrogatepass"), private_key(self.key), self.algorithm, headers=self.header
        )
        token = self.tamper(signed)
        if len(token) > MOST_TOKEN:
            self.fate = REFUSED
        return token


Change = Callable[[Bent], Fate]


def bend(seed: str, *, nonce: str, state: str, at: int) -> Bent:
    """The launch of this seed, bent."""
    random = Random(seed)
    body = {
        "nonce": nonce,
        **claims(),
        "iat": at,
        "exp": at + 60,
        "name": f"Leo {MARK}",
        "email": f"leo@{MARK}.example",
    }
    bent = Bent(random, body, state, at)
    for name in random.sample(sorted(CHANGES), random.choice((1, 1, 1, 2, 2, 3))):
        fate = CHANGES[name](bent)
        bent.told.append(f"{name}: {fate.name}")
        bent.fate = max(bent.fate, fate)
    return bent


TEXTS = (
    *("", " ", "0", "null", "x", "\x00", "le\x00o", "\ud800", "a\udfffb", "\ufeff", "\u202etxet", "\U0001f393" * 20),
    *("$Person.name", "javascript:alert(1)", "<script>alert(1)</script>", "{{7*7}}", "' OR 1=1 --", "../../etc/passwd"),
    *("a\r\nSet-Cookie: x=y", "\x1b[31m", "%00%0d%0a", "x" * 255, "x" * 256, "x" * 4000, "ü" * 600, "1e400", "Learner"),
    *(
        "https://evil.example/",
        "http://169.254.169.254/",
        "https://[::1",
        "https://campus.example:99999/",
        "//",
        "https://",
    ),
)
NUMBERS = (0, 1, -1, 7, 2**31, 2**63, -(2**70), 10**400, 0.5, -0.0, 1e308, math.nan, math.inf, True, False, None)


def junk(random: Random, depth: int = 3) -> Any:
    """Any JSON, and a little more."""
    kind = random.randrange(10 if depth else 7)
    if kind < 4:
        return random.choice(TEXTS)
    if kind < 7:
        return random.choice(NUMBERS)
    if kind < 8:
        return [junk(random, depth - 1) for _ in range(random.randrange(4))]
    if kind < 9:
        return {random.choice(TEXTS): junk(random, depth - 1) for _ in range(random.randrange(4))}
    deep: Any = "deep"
    for _ in range(random.choice((5, 30))):
        deep = [deep]
    return deep


def is_clean(value: object) -> bool:
    """Whether this is JSON of texts that can be stored, nested no deeper than an honest message."""
    flat = list(_walk(value, 2))
    return all(
        depth <= 12 and not (isinstance(each, float) and not math.isfinite(each)) and not _has_surrogate(each)
        for each, depth in flat
    )


def _walk(value: object, depth: int) -> Iterator[tuple[object, int]]:
    yield value, depth
    if isinstance(value, dict):
        for name, each in value.items():
            yield name, depth
            yield from _walk(each, depth + 1)
    if isinstance(value, list):
        for each in value:
            yield from _walk(each, depth + 1)


def _has_surrogate(value: object) -> bool:
    return isinstance(value, str) and any("\ud800" <= each <= "\udfff" for each in value)


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= longest and "\x00" not in value


def _is_roles(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _has_id(value: object) -> bool:
    return isinstance(value, dict) and _is_text(value.get("id"), 255)


def _is_no_place(value: object) -> bool:
    return value is None or _has_id(value)


REQUIRED: dict[str, Callable[[object], bool]] = {
    "sub": lambda value: _is_text(value, 255),
    LTI + "roles": _is_roles,
    LTI + "resource_link": _has_id,
    "iss": lambda _value: False,
    "nonce": lambda _value: False,
    LTI + "deployment_id": lambda _value: False,
    LTI + "target_link_uri": lambda _value: False,
    LTI + "version": lambda _value: False,
}
"""What a claim must be, or the launch is refused; for most of them junk can never be right."""

FREE = (
    *("name", "given_name", "family_name", "email", "locale", "picture", "zoneinfo", "https://example.org/claim"),
    *(
        LTI + each
        for each in ("custom", "launch_presentation", "tool_platform", "lis", "role_scope_mentor", "for_user")
    ),
    *(LTI + "platformnotificationservice", AGS, NRPS, GROUPS, DEEP_LINKING, "", "__proto__"),
)


def _required(name: str, is_right: Callable[[object], bool]) -> Change:
    def change(bent: Bent) -> Fate:
        if bent.random.random() < 0.25:
            del bent.body[name]
            return REFUSED
        value = bent.body[name] = bent.random.choice((junk, _resembling))(bent.random)
        if not (is_right(value) and is_clean(value)):
            # An id of nothing but marks that are cleaned away is an id for one reader and none for another.
            return EITHER if _is_borderline(value) else REFUSED
        return LET_IN

    return change


def _resembling(random: Random) -> Any:
    """Something in the shape of roles, of a resource link or of a context."""
    text = random.choice(TEXTS)
    return random.choice(
        ([text], ["Instructor", text], [f"{MEMBERSHIP}#{text}"], {"id": text}, {"id": "7", text: text})
    )


def _is_borderline(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str) and "\x00" in value["id"]


def _free(name: str) -> Change:
    def change(bent: Bent) -> Fate:
        value = bent.body[name] = bent.random.choice((junk, _inside))(bent.random)
        return LET_IN if is_clean(value) else REFUSED

    return change


def _inside(random: Random) -> dict[str, Any]:
    """An object with members of the right names and any values."""
    names = ("return_url", "locale", "activity", "scope", "lineitem", "lineitems", "context_memberships_url", "data")
    more = ("context_history", "acting_user", "time_zone", "product_family_code", "deep_link_return_url", "user_id")
    return {name: junk(random, 2) for name in random.sample((*names, *more), 3)}


def _context(bent: Bent) -> Fate:
    value = bent.body[LTI + "context"] = bent.random.choice((junk, _resembling))(bent.random)
    if _is_no_place(value) and is_clean(value):
        return LET_IN
    return EITHER if _is_borderline(value) else REFUSED


def _message(bent: Bent) -> Fate:
    kinds = ("LtiDeepLinkingRequest", "LtiSubmissionReviewRequest")
    value = bent.body[LTI + "message_type"] = bent.random.choice((*kinds, junk(bent.random)))
    return EITHER if value in kinds else REFUSED


def _party(bent: Bent) -> Fate:
    value = bent.random.choice(("campus-tool", "other", None, ["campus-tool"], junk(bent.random)))
    bent.body["azp"] = value
    return LET_IN if value == "campus-tool" else REFUSED


def _audience(bent: Bent) -> Fate:
    lists: tuple[list[Any], ...] = (["campus-tool"], ["campus-tool", "other"], ["other"], [], ["campus-tool", 5])
    value = bent.body["aud"] = bent.random.choice((*lists, junk(bent.random)))
    return LET_IN if value == ["campus-tool"] else REFUSED


LIVES = (
    *((-500, 60, LET_IN), (50, 100, LET_IN), (-40, -10, LET_IN), (0, 86_000, LET_IN), (5, 65, LET_IN)),
    *((-900, 60, REFUSED), (200, 300, REFUSED), (-300, -200, REFUSED), (30, 10, REFUSED), (0, 90_000, REFUSED)),
)


def _life(bent: Bent) -> Fate:
    begin, end, fate = bent.random.choice(LIVES)
    bent.body["iat"], bent.body["exp"] = bent.at + begin, bent.at + end
    if bent.random.random() < 0.4:
        bent.body[bent.random.choice(("iat", "exp"))] = junk(bent.random)
        return REFUSED
    return fate


def _not_before(bent: Bent) -> Fate:
    value = bent.body["nbf"] = junk(bent.random)
    is_later = isinstance(value, (int, float)) and value > bent.at + 60
    return REFUSED if is_later or not is_clean(value) else LET_IN


def _not_text(spell: Callable[[str, Random], str]) -> Change:
    def change(bent: Bent) -> Fate:
        bent.spell = lambda text: spell(text, bent.random)
        return REFUSED

    return change


def _header(bent: Bent) -> Fate:
    name, values, fate = bent.random.choice(
        (
            ("kid", (None, "", 5, [], "made-up", "../../dev/null", "ONE", "one ", "\x00one"), REFUSED),
            ("alg", ("none", "HS256", "RS512", "rs256", "", None, ["RS256"]), REFUSED),
            ("crit", ([], ["exp"], {}, "exp"), REFUSED),
            ("jku", ("https://evil.example/jwks",), LET_IN),
            ("jwk", (public_jwk("evil"),), LET_IN),
            ("x5c", (["MIIB"],), LET_IN),
            ("cty", ("JWT", 5, "\ud800"), EITHER),
            ("typ", ("at+jwt", 5, None), EITHER),
            ("b64", (False,), EITHER),
        )
    )
    value = bent.random.choice(values)
    bent.tamper = lambda token: _reheaded(bent, name, value, token)
    return fate


def _reheaded(bent: Bent, name: str, value: Any, token: str) -> str:
    """The token under another header, signed as it stands: no library would write such a header."""
    header = {"alg": "RS256", **bent.header, name: value}
    if value is None:
        header.pop(name)
    signed = f"{_encoded(json.dumps(header))}.{token.split('.')[1]}"
    signature = jwt.get_algorithm_by_name("RS256").sign(signed.encode(), private_key(bent.key))
    return f"{signed}.{jwt.utils.base64url_encode(signature).decode()}"


def _encoded(text: str) -> str:
    return jwt.utils.base64url_encode(text.encode("utf-8", "surrogatepass")).decode()


def _key(bent: Bent) -> Fate:
    bent.key, bent.algorithm = bent.random.choice((("evil", "RS256"), ("one", "RS512"), ("one", "PS256")))
    return REFUSED


def _damage(bent: Bent) -> Fate:
    """A good token, damaged on its way."""
    place = bent.random.random()

    def damage(token: str) -> str:
        at = int(place * (len(token) - 4))
        return {
            "flipped": token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :],
            "cut": token[:at],
            "doubled": f"{token}.{token}",
            "no signature": token.rpartition(".")[0] + ".",
            "a fourth part": token + ".e30",
            "unwritable": token[:at] + "\u00e9" + token[at:],
            "a space": token[:at] + " " + token[at:],
            "a NUL": token[:at] + "\x00" + token[at:],
            "nothing": "",
        }[how]

    how = bent.random.choice(("flipped", "cut", "doubled", "no signature", "a fourth part", "unwritable", "a space"))
    how = bent.random.choice((how, "a NUL", "nothing")) if place > 0.9 else how
    bent.tamper = damage
    return REFUSED


def _token(bent: Bent) -> Fate:
    """Header, key or whole token: one of them, because the next would undo it."""
    return bent.random.choice((_header, _key, _damage))(bent)


def _state(bent: Bent) -> Fate:
    said = bent.random.choice(("", "state-made-up", "x" * 2000, "\x00", "\u00fc", bent.state + " ", bent.state.upper()))
    bent.says_state = False
    if bent.random.random() < 0.7:
        bent.form.append(("state", said))
    return REFUSED


def _more_fields(bent: Bent) -> Fate:
    name, value, fate = bent.random.choice(
        (
            ("submit", "Launch", LET_IN),
            ("", "", LET_IN),
            ("\x00", "\x00", LET_IN),
            ("session_state", MARK, LET_IN),
            ("long", "x" * 100_000, LET_IN),
            ("longer", "x" * 1_100_000, REFUSED),
            ("state", "a second state", LET_IN),
            ("id_token", "a.second.token", LET_IN),
            ("error", "login_required", REFUSED),
            ("error", f"<b>{MARK}", REFUSED),
            ("error_description", MARK, LET_IN),
        )
    )
    bent.form.append((name, value))
    return fate


def _cookie(bent: Bent) -> Fate:
    bent.cookie = bent.random.choice((None, "", "state-made-up", "\u00fc", bent.state[:-1], f'"{bent.state}x"'))
    return REFUSED


def _headers(bent: Bent) -> Fate:
    name = bent.random.choice(
        ("Accept-Language", "User-Agent", "Referer", "Accept", "X-Forwarded-For", "X-Forwarded-Host")
    )
    odd = (
        "",
        "xx-INVALID",
        "*",
        "de;q=abc",
        "q=1;;,,",
        "\u00fc",
        "a" * 3000,
        "1.2.3.4, unknown",
        "de-\u00b5",
        "zz_ZZ.UTF-8@x",
    )
    bent.headers[name] = bent.random.choice(odd)
    return LET_IN


def _content_type(bent: Bent) -> Fate:
    value, fate = bent.random.choice(
        (
            ("application/x-www-form-urlencoded; charset=utf-8", LET_IN),
            ("multipart/form-data", LET_IN),
            ("application/x-www-form-urlencoded; charset=utf-16", EITHER),
            ("application/x-www-form-urlencoded; charset=nonsense", EITHER),
            ("application/json", REFUSED),
            ("text/plain", REFUSED),
            ("multipart/form-data; boundary=", REFUSED),
            ("multipart/form-data; boundary=\u00fc", REFUSED),
            ("nonsense", REFUSED),
            ("/;=", REFUSED),
        )
    )
    bent.content_type = value
    return fate


def _method(bent: Bent) -> Fate:
    bent.method = bent.random.choice(("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"))
    return REFUSED


def _query(bent: Bent) -> Fate:
    bent.query = {"state": "elsewhere", "id_token": "a.b.c", "x": bent.random.choice(("\x00", "\u00fc", "y"))}
    return LET_IN


CHANGES: dict[str, Change] = {
    **{f"required {name}": _required(name, is_right) for name, is_right in REQUIRED.items()},
    **{f"free {name}": _free(name) for name in FREE},
    "context": _context,
    "message": _message,
    "azp": _party,
    "aud": _audience,
    "nbf": _not_before,
    "state": _state,
    "fields": _more_fields,
    "cookie": _cookie,
    "headers": _headers,
    "content type": _content_type,
    "method": _method,
    "query": _query,
    "life": _life,
    "twins": _not_text(lambda text, _random: text[:-1] + ', "x": 1, "x": 2}'),
    "cut JSON": _not_text(lambda text, random: text[: random.randrange(len(text))]),
    "more JSON": _not_text(lambda text, _random: text + "{}"),
    "UTF-16": _not_text(lambda text, _random: text.encode("utf-16").decode("latin-1")),
    "no object": _not_text(lambda text, random: random.choice(("[]", "5", '"text"', "null", f"[{text}]", ""))),
    "token": _token,
}
"""Every place in which a launch is bent. Changes of the body's text may replace one another: all of them are fatal."""
