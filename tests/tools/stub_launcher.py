"""Is to a crew of stubs what make run is to the tool and the campus.

Arguments: the parts as JSON, their folder, the seconds a part may take to end, and perhaps --with-parent.
"""

import json
import sys
from pathlib import Path

from tools import commands, crew, keeper, run

folder = Path(sys.argv[2])
keeper.PATIENCE = float(sys.argv[3])
parts = [crew.Part(log=folder / f"{part['name']}.log", **part) for part in json.loads(sys.argv[1])]

sys.exit(commands.obey(lambda: run.run(parts, folder=folder, with_parent="--with-parent" in sys.argv)))
