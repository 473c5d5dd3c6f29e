"""Compiles every template, so that a slip in one shows here and not at the counter.

Names of included, extended and static files that are written out are looked up as well.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# {% include "web/_row.html" %} and the like; a name in a variable can only be known at run time.
NAMED = re.compile(r"{%\s*(?:include|extends)\s+([\"'])([^\"']+)\1")
STATIC = re.compile(r"{%\s*static\s+([\"'])([^\"']+)\1")


def problems() -> list[str]:
    """What is wrong with any template of ours."""
    from django.contrib.staticfiles import finders
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    found = []
    for path in sorted((ROOT / "simpul").rglob("templates/**/*.*")):
        place, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        wanted = path.as_posix().rpartition("/templates/")[2]
        for name in dict.fromkeys([wanted, *(match[2] for match in NAMED.finditer(text))]):
            try:
                get_template(name)
            except TemplateDoesNotExist as missing:
                found.append(f"{place}: there is no template {missing}")
            except TemplateSyntaxError as slip:
                found.append(f"{place}: {slip}")
        found += [
            f"{place}: there is no static file {match[2]}"
            for match in STATIC.finditer(text)
            if not finders.find(match[2])
        ]
    return found


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.config.settings")
    sys.path.insert(0, str(ROOT))
    django.setup()
    wrong = sorted(set(problems()))
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
