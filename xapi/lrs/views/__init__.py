"""The embedded LRS as others meet it: every resource of xAPI 1.0.3 and 2.0, each version under an address of its own.

Those who ask are programs, so every answer is JSON and errors are told in English. There is no session and no cookie:
a request carries its credential, and the credential says which store, and which course of it, it opens.
"""

from xapi.lrs.views import documents, others, statements
from xapi.lrs.views.door import bp

__all__ = ["bp", "documents", "others", "statements"]
