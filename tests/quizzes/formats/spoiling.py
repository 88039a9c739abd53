"""Files spoiled as by a bad disk, and packages from inside: parts that are whole as far as a zip can tell."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from zipfile import ZIP_DEFLATED, ZipFile

SIGNS = [
    *(b"{", b"}", b"=", b"~", b"#", b"::", b"\\", b"%50%", b"####", b"->", b"[html]", b"\n\n", b"$CATEGORY: /", b"//"),
    *(b"<", b">", b"&", b"</question>", b"<question type='essay'>", b"<![CDATA[", b"]]>", b"&#0;", b"&x;", b"<!--"),
    *(b"{1:MC:=", b"[[1]]", b'"', b",", b";", b"\r", b"\t", b"=1+1", b"ANSWER: ", b"A. ", b"\x00", b"\xff\xfe"),
    *(b"9" * 400, b"1e999", b"1/0", b"-", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"A" * 5000, b"\xc3"),
]
HUGE = [
    b"-1",
    b"0",
    b"1e308",
    b"-1e308",
    b"NaN",
    b"INF",
    b"9" * 30,
    b"9" * 5000,
    b"1e-400",
    b"",
    b"0x10",
    b"1_0",
    b"\xd9\xa3",
]
"""What numbers might be."""
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c SYSTEM "file:///etc/passwd">]>'
)
_TAG = re.compile(rb"</?[\w:.-]+[^<>]*>")
_ATTRIBUTE = re.compile(rb"""\s([\w:.-]+)\s*=\s*("[^"<>]*"|'[^'<>]*')""")
_NUMBER = re.compile(rb"(?<=[\"'>])-?\d+(\.\d+)?(?=[\"'<])")
_TEXT = re.compile(rb"(?<=>)[^<>]+(?=<)")


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """The file with some places cut out, doubled, moved, or with a sign put in that means something somewhere."""
    for _n in range(chance.randint(1, 8)):
        at, to = sorted(chance.randrange(len(content) + 1) for _end in range(2))
        to = min(to, at + chance.choice((1, 10, 1000)))
        match chance.randrange(5):
            case 0:
                content = content[:at] + chance.choice(SIGNS) + content[at:]
            case 1:
                content = content[:at] + content[to:]
            case 2:
                content = content[:to] + content[at:]
            case 3:
                content = content[:at] + bytes(chance.randrange(256) for _n in range(4)) + content[at:]
            case _:
                content = content[:at] if chance.random() < 0.2 else content
    return content


def spoiled_within(content: bytes, chance: random.Random) -> bytes:
    """A package of which one part, at times two, is spoiled; another one may be missing."""
    with ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _n in range(chance.choice((1, 1, 2))):
        name = chance.choice(list(parts))
        parts[name] = (spoiled_markup if b"<" in parts[name][:200] else spoiled)(parts[name], chance)
    if chance.random() < 0.1:
        del parts[chance.choice(list(parts))]
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


def spoiled_markup(content: bytes, chance: random.Random) -> bytes:
    """XML that is mostly still well-formed, and says what nobody means."""
    for _n in range(chance.choice((1, 1, 2, 4))):
        content = chance.choice(_WAYS)(content, chance)
    return content


def _flipped(content: bytes, chance: random.Random) -> bytes:
    made = bytearray(content)
    for _n in range(chance.randint(1, 4)):
        if made:
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _half(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _found(pattern: re.Pattern[bytes], content: bytes, chance: random.Random) -> re.Match[bytes] | None:
    found = list(pattern.finditer(content))
    return chance.choice(found) if found else None


def _swapped_tags(content: bytes, chance: random.Random) -> bytes:
    one, two = _found(_TAG, content, chance), _found(_TAG, content, chance)
    if one is None or two is None or one.end() > two.start():
        return content
    return content[: one.start()] + two[0] + content[one.end() : two.start()] + one[0] + content[two.end() :]


def _no_tag(content: bytes, chance: random.Random) -> bytes:
    one = _found(_TAG, content, chance)
    return content[: one.start()] + content[one.end() :] if one else content


def _element_again(content: bytes, chance: random.Random) -> bytes:
    """From some tag to some other, once more."""
    one, two = _found(_TAG, content, chance), _found(_TAG, content, chance)
    if one is None or two is None or one.start() > two.end():
        return content
    return content[: two.end()] + content[one.start() : two.end()][:20_000] + content[two.end() :]


def _huge_number(content: bytes, chance: random.Random) -> bytes:
    found = _found(_NUMBER, content, chance)
    return content[: found.start()] + chance.choice(HUGE) + content[found.end() :] if found else content


def _attribute_twice(content: bytes, chance: random.Random) -> bytes:
    found = _found(_ATTRIBUTE, content, chance)
    return content[: found.end()] + found[0] + content[found.end() :] if found else content


def _other_attribute(content: bytes, chance: random.Random) -> bytes:
    """What one attribute says, another does."""
    one, two = _found(_ATTRIBUTE, content, chance), _found(_ATTRIBUTE, content, chance)
    return content[: one.start(2)] + two[2] + content[one.end(2) :] if one and two else content


def _no_attribute(content: bytes, chance: random.Random) -> bytes:
    found = _found(_ATTRIBUTE, content, chance)
    return content[: found.start()] + content[found.end() :] if found else content


def _entity(content: bytes, chance: random.Random) -> bytes:
    found = _found(_TEXT, content, chance)
    said = chance.choice((b"&b;", b"&c;", b"&#0;", b"&#xD800;", b"&amp;", b"&lt;script&gt;alert(1)&lt;/script&gt;"))
    if found:
        content = content[: found.start()] + said + content[found.start() :]
    if chance.random() < 0.5:
        end = content.find(b"?>") + 2 if content.startswith(b"<?") else 0
        content = content[:end] + BOMB + content[end:]
    return content


def _other_text(content: bytes, chance: random.Random) -> bytes:
    found = _found(_TEXT, content, chance)
    said = chance.choice([*HUGE, *(each for each in SIGNS if b"<" not in each and b"&" not in each)])
    return content[: found.start()] + said + content[found.end() :] if found else content


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flipped, _half, _swapped_tags, _no_tag, _element_again, _attribute_twice, _entity),
    *(_huge_number, _huge_number, _huge_number, _other_attribute, _other_attribute, _other_attribute),
    *(_no_attribute, _no_attribute, _other_text, _other_text),
)
