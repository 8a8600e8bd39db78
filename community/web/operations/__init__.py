"""Running the site: commands, server, schema, certificates, metrics; it knows no room."""

from community.web.operations.commands import Operations, init_operations
from community.web.operations.demo import DemoAccount
from community.web.operations.worker import begin_serving, handed_over

__all__ = ["DemoAccount", "Operations", "begin_serving", "handed_over", "init_operations"]
