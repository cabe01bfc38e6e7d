"""When two e-mail addresses are one, and whose a domain is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.emails import address, company_domain, is_free


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ann@Acme.com", "ann@acme.com"), (" ann@acme.com. ", "ann@acme.com"), ("Ann Lee <ANN@acme.com>", "ann@acme.com"),
        ("mailto:ann@acme.com", "ann@acme.com"), ("ann\u200e@acme.com", "ann@acme.com"), ("ann۱@acme.ir", "ann1@acme.ir"),
        ("ann@localhost", ""), ("ann", ""), ("@acme.com", ""), ("ann@@acme.com", ""), ("a@b.com, c@d.com", ""), ("", ""), ("a b@c.de", ""),
    ],
)  # fmt: skip
def test_an_address_in_one_form(text: str, found: str) -> None:
    assert address(text) == found


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "outlook.com",
        "yahoo.com",
        "yahoo.co.uk",
        "hotmail.fr",
        "icloud.com",
        "proton.me",
        "pm.me",
        "live.com",
        "mail.ru",
        "web.de",
    ],
)
def test_free_mail_is_nobody_s_domain(domain: str) -> None:
    assert is_free(domain)
    assert company_domain(f"ann@{domain}") == ""


@pytest.mark.parametrize("domain", ["acme.com", "mygmail.com", "gmail.acme.com", "mail.acme.com", "proton.company"])
def test_a_company_s_is(domain: str) -> None:
    assert company_domain(f"Ann@{domain.upper()}") == domain


@given(st.text())
def test_any_text_will_do_and_once_is_enough(text: str) -> None:
    found = address(text)
    assert address(found) == found
    assert company_domain(text) in ("", found.rpartition("@")[2])
