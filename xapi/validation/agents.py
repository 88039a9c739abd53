"""Agents and groups: who did it, who it was done with, who says so."""

from collections.abc import Mapping

from xapi.validation.faults import FINE, Check, Faults, refuse
from xapi.validation.shapes import array, shape
from xapi.validation.values import iri, mailto, one_of, sha1, text

IDENTIFIERS = frozenset({"mbox", "mbox_sha1sum", "openid", "account"})


def identifiers(value: Mapping[str, object]) -> frozenset[str]:
    return IDENTIFIERS & value.keys()


def _one_identifier(value: Mapping[str, object]) -> Faults:
    count = len(identifiers(value))
    if count == 1:
        return FINE
    names = "mbox, mbox_sha1sum, openid or account"
    return refuse(f"needs one of {names}" if count == 0 else f"must have only one of {names}")


def _identifier_or_members(value: Mapping[str, object]) -> Faults:
    if identifiers(value):
        return _one_identifier(value)
    return FINE if value.get("member") else refuse("required in a group without an identifier", "member")


def _two_nameless_members(value: Mapping[str, object]) -> Faults:
    if identifiers(value):
        return refuse("must be an anonymous group")
    members = value.get("member")
    two = isinstance(members, list | tuple) and len(members) == 2
    return FINE if two else refuse("must have exactly two members", "member")


_ACCOUNT = shape({"homePage": iri, "name": text}, required=("homePage", "name"))
_IDENTIFIED: dict[str, Check] = {
    "name": text,
    "mbox": mailto,
    "mbox_sha1sum": sha1,
    "openid": iri,
    "account": _ACCOUNT,
}

agent = shape({"objectType": one_of("Agent"), **_IDENTIFIED}, rules=(_one_identifier,))
_GROUP: dict[str, Check] = {"objectType": one_of("Group"), **_IDENTIFIED, "member": array(agent)}
group = shape(_GROUP, required=("objectType",), rules=(_identifier_or_members,))
_group_authority = shape(_GROUP, rules=(_two_nameless_members,))


def _is_group(value: object) -> bool:
    return isinstance(value, dict) and value.get("objectType") == "Group"


def agent_or_group(value: object) -> Faults:
    return group(value) if _is_group(value) else agent(value)


def authority(value: object) -> Faults:
    """An agent, or the pair of application and user that OAuth makes: a group without identifier."""
    return _group_authority(value) if _is_group(value) else agent(value)


_iris = array(iri)


def _some_iris(value: object) -> Faults:
    return _iris(value) if value else refuse("must be an array that is not empty")


context_agent = shape(
    {"objectType": one_of("contextAgent"), "agent": agent, "relevantTypes": _some_iris},
    required=("objectType", "agent"),
)
context_group = shape(
    {"objectType": one_of("contextGroup"), "group": group, "relevantTypes": _some_iris},
    required=("objectType", "group"),
)
