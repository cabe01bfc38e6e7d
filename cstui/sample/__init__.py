"""The sample company: a seeded program that writes the plain templates of Simorgh Cloud, which is not there.

`write(directory)` is the only door. Writes files and knows no workspace: `cstui.desk.sample` imports them like anyone's.
The same seed gives the same bytes on every Python from 3.11 on. Chance comes from `chance`, words from `words` and
`sayings`, the company's ways from `company`; `people` makes who came, `life` what they bought, `billing` what they paid. `story` is
what happened to them beneath that: `use`, `contacts` and `answers` are told from it. `market` is what was spent, and who visited.
"""

from __future__ import annotations

from cstui.sample.templates import TEMPLATES, write

__all__ = ["TEMPLATES", "write"]
