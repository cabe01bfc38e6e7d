"""E-mail addresses as a second key of a customer: when two are the same, and whose a domain is.

Pure text. Knows no customer and no workspace.
"""

from __future__ import annotations

import re

from cstui.base.text import fold_key

_ADDRESS = re.compile(r"[^\s@<>,;:]+@([^\s@<>,;:]+\.[^\s@<>,;:.]{2,})\.?")
_ANGLES = re.compile(r"<([^<>]+)>\s*$")
_PROVIDERS = frozenset(
    "aol bk chmail gmail gmx googlemail hotmail icloud inbox libero live mail mailinator mihanmail msn outlook proton protonmail qq "
    "rediffmail rocketmail tutanota web yahoo yandex ymail zoho".split()
)
"""Names under which anybody gets an address, in whatever country: `yahoo.co.uk`, `hotmail.fr`."""
_FREE = frozenset(
    "126.com 163.com att.net bol.com.br btinternet.com comcast.net daum.net duck.com fastmail.com free.fr freenet.de hanmail.net hey.com "
    "laposte.net list.ru mac.com me.com mail.ru naver.com o2.pl orange.fr pm.me rambler.ru sbcglobal.net seznam.cz sina.com "
    "t-online.de tuta.com ukr.net uol.com.br verizon.net wanadoo.fr wp.pl".split()
)
_COUNTRY = 3
"""Letters of the longest label that may follow a provider's name: `yahoo.com.br`."""


def address(text: str) -> str:
    """The form in which two e-mail addresses are the same: folded, without case, out of `Name <…>` or `mailto:`. Blank: it is none."""
    plain = fold_key(text).casefold()
    if "@" not in plain:
        return ""
    named = _ANGLES.search(plain)
    plain = (named[1] if named else plain).strip().removeprefix("mailto:").removesuffix(".")
    return plain if _ADDRESS.fullmatch(plain) else ""


def company_domain(text: str) -> str:
    """The domain of an address, where it tells whose it is: blank for free mail, where anybody is, and for what is no address."""
    domain = address(text).rpartition("@")[2]
    return "" if not domain or is_free(domain) else domain


def is_free(domain: str) -> bool:
    """Whether anybody gets an address there."""
    name, *rest = domain.split(".")
    return domain in _FREE or (name in _PROVIDERS and all(len(label) <= _COUNTRY for label in rest))
