"""A strict validator of xAPI statements for 1.0.3 and 2.0.0: no database, no web, standard library only.

>>> [str(fault) for fault in errors({"actor": {"mbox": "leo@example.org"}})]
['actor.mbox: must be mailto: and an e-mail address', 'verb: required', 'object: required']
"""

from xapi.validation.emitter import emitter_errors
from xapi.validation.faults import Fault
from xapi.validation.reading import MalformedJsonError, strict_json
from xapi.validation.statements import Version, errors

__all__ = ["Fault", "MalformedJsonError", "Version", "emitter_errors", "errors", "strict_json"]
