"""Why a launch was refused: a code for the log, a cause and a cure for the page."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Reason:
    code: str
    cause: LazyString
    cure: LazyString
    status: int = 400


class Refused(Exception):
    """A login or launch that is not let in. Carries no personal data."""

    def __init__(self, reason: Reason, detail: str = "", *, platform: str = "", deployment: str = "") -> None:
        super().__init__(f"{reason.code}: {detail}" if detail else reason.code)
        self.reason = reason
        self.detail = detail
        self.platform = platform
        """The public id of the platform it came from, as far as that could be told."""
        self.deployment = deployment


_AGAIN = _l("Go back to your course page and open the link there again.")
_ADMIN = _l("Ask the person who runs your learning platform to check how this tool is registered.")

MISSING_PARAMETER = Reason(
    "missing_parameter",
    _l("The learning platform started the visit without saying everything it must."),
    _ADMIN,
)
UNKNOWN_PLATFORM = Reason(
    "unknown_platform",
    _l("This tool does not know the learning platform you come from, or not under this client id."),
    _l("Ask the person who runs this tool to register your learning platform, with exactly its issuer and client id."),
    403,
)
AMBIGUOUS_PLATFORM = Reason(
    "ambiguous_platform",
    _l("Your learning platform did not say its client id, and several registrations of this tool fit it."),
    _l(
        "Ask the person who runs your learning platform to begin logins at the address of its own registration,"
        " which the person who runs this tool can look up."
    ),
)
PLATFORM_WAITING = Reason(
    "platform_not_active",
    _l("Your learning platform is registered with this tool but not approved."),
    _l("Ask the person who runs this tool to approve it."),
    403,
)
UNKNOWN_DEPLOYMENT = Reason(
    "unknown_deployment",
    _l("This tool knows your learning platform but not this installation of the tool (its deployment id)."),
    _l("Ask the person who runs this tool to approve the deployment; it has been noted and waits."),
    403,
)
WANT_SETUP = (UNKNOWN_PLATFORM, AMBIGUOUS_PLATFORM)
"""Their pages lead to how the tool is added to a learning platform."""
STATE_UNKNOWN = Reason("state_unknown", _l("This visit was not started here, or it was started too long ago."), _AGAIN)
STATE_COOKIE = Reason(
    "state_cookie",
    _l("Your browser did not send back the cookie that ties this visit to you."),
    _l(
        "Allow cookies for this page, or open the link in a new window. If you opened several windows at once,"
        " open the link again."
    ),
)
NO_COOKIES = Reason(
    "no_cookies",
    _l("The visitor's browser keeps no cookie of this tool in a frame."),
    _l("They were offered a window of their own. If all are, have the LMS open this tool in a new window."),
    200,
)
TOO_MANY = Reason(
    "too_many",
    _l("Far more visits were started from one network within a minute than a class can start."),
    _l("If many honest visitors share one address, see that TRUSTED_PROXIES counts the proxies before this tool."),
    429,
)
STATE_SPENT = Reason(
    "state_spent",
    _l("This launch has been used already, as happens when you come back to it with the Back button."),
    _AGAIN,
)
BAD_TOKEN = Reason(
    "bad_token",
    _l("The message from the learning platform is damaged or not what LTI 1.3 describes."),
    _ADMIN,
)
TOO_LARGE = Reason(
    "too_large", _l("The message from the learning platform is larger than any honest one."), _ADMIN, 413
)
BAD_SIGNATURE = Reason(
    "bad_signature", _l("The message does not carry a valid signature of the learning platform."), _ADMIN, 401
)
UNKNOWN_KEY = Reason(
    "unknown_key",
    _l("The message is signed with a key that the learning platform does not publish."),
    _l("Try again in a minute. If that does not help, ask the person who runs your learning platform."),
    401,
)
KEYS_UNAVAILABLE = Reason(
    "keys_unavailable",
    _l("The learning platform did not hand out its public keys in time."),
    _l("Try again in a minute."),
    503,
)
WRONG_AUDIENCE = Reason("wrong_audience", _l("The message is meant for another tool."), _ADMIN, 401)
WRONG_ISSUER = Reason(
    "wrong_issuer",
    _l("The message comes from another learning platform than the one that started the visit."),
    _ADMIN,
    401,
)
WRONG_NONCE = Reason("wrong_nonce", _l("The message belongs to another visit."), _AGAIN, 401)
WRONG_TARGET = Reason("wrong_target", _l("The message leads to another page than the visit was started for."), _AGAIN)
WRONG_TIME = Reason(
    "wrong_time",
    _l("The message is too old, from the future, or valid for too long."),
    _l("Open the link again. If that does not help, the clock of your learning platform or of this tool is wrong."),
    401,
)
WRONG_VERSION = Reason("wrong_version", _l("The message is not LTI 1.3."), _ADMIN)
WRONG_MESSAGE = Reason("wrong_message", _l("This tool does not understand this kind of message."), _ADMIN)
PLATFORM_ERROR = Reason(
    "platform_error", _l("The learning platform reported an error instead of letting you in."), _AGAIN
)
LOGIN_REQUIRED = Reason(
    "login_required",
    _l("The learning platform says that you are not logged in there, or your browser hid your login from it."),
    _l("Log in to your learning platform and open the link again. If that does not help, open it in a new window."),
)
NOT_LOGGED_IN = ("login_required", "interaction_required", "account_selection_required", "consent_required")


def of_platform(error: str) -> Reason:
    """What an error of the platform's means to the visitor (OpenID Connect core 3.1.2.6)."""
    return LOGIN_REQUIRED if error in NOT_LOGGED_IN else PLATFORM_ERROR


MAY_NOT_PLACE = Reason(
    "may_not_place",
    _l("Only those who shape the course page can place activities in it, and your role in this course does not."),
    _l("Ask an instructor of the course to place it."),
    403,
)
WRONG_RETURN = Reason(
    "wrong_return_address",
    _l("The message asks to send what you choose to an address that is not your learning platform's."),
    _ADMIN,
)
