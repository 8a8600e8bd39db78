"""The entry of the server and of the `flask` command."""

import gc
import sys

# Classes, tables and routes live as long as the process: collecting among them while they are
# made costs a fifth of the start, and frozen they stay shared with forked workers.
gc.disable()
from community.app import create_app  # noqa: E402  after the line above
from community.web.settings import SettingWrong  # noqa: E402

try:
    app = create_app()
except SettingWrong as wrong:
    sys.exit(f"不能启动：{wrong}")
gc.freeze()
gc.enable()
