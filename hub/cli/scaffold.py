"""A new connector's package: the code of the connectors' guide, under another name."""

import re
from importlib.resources import files
from pathlib import Path

from hub.sdk import HubError

GUIDE = ("connectors", "README.md")
_BLOCK = re.compile(r"^`(\S+\.py)`\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{package}"
version = "0.1.0"
description = "{title} for Faros Hub."
requires-python = ">=3.11"
dependencies = ["faros-hub"]

[project.optional-dependencies]
test = ["pytest", "pytest-asyncio"]

[project.entry-points.faros]
{module} = "{module}"

[tool.hatch.build.targets.wheel]
packages = ["{module}"]

[tool.pytest.ini_options]
asyncio_mode = "auto"
pythonpath = ["."]
"""

_README = """\
# {package}

{title} for Faros Hub. The code is the small supplier of the connectors' guide under another name: it passes the
standard tests, and speaks to a service nobody has. Make it yours from `wire.py` upwards, and keep the tests passing.

```sh
pip install -e ".[test]"
pytest
faros connector check {module}
```
"""


class BadName(HubError):
    """This cannot be a package's name."""


def write(package: str, folder: Path) -> str:
    """Write the package; the name of its module. `faros-` in front of the package's name is not part of it."""
    if not _NAME.fullmatch(package):
        raise BadName(f"{package!r} cannot be a package's name. Write it like faros-globex.")
    module = package.removeprefix("faros-").replace("-", "_")
    title = "".join(part.capitalize() for part in module.split("_"))
    guide = files(GUIDE[0]).joinpath(GUIDE[1]).read_text(encoding="utf-8")
    for name, text in _BLOCK.findall(guide):
        path = folder / _renamed(name, module, title)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_renamed(text, module, title), encoding="utf-8")
    words = {"package": package, "module": module, "title": title}
    (folder / "pyproject.toml").write_text(_PROJECT.format(**words), encoding="utf-8")
    (folder / "README.md").write_text(_README.format(**words), encoding="utf-8")
    return module


def _renamed(text: str, module: str, title: str) -> str:
    return text.replace("globex", module).replace("Globex", title)
