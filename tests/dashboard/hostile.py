"""Three hundred strings that somebody could put into an order: as a name, a note, a title, a tracking number."""

import json
from pathlib import Path

HOSTILE: list[str] = json.loads(Path(__file__).with_name("hostile.json").read_text())
