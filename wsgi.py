"""The entry of the server and of the `flask` command."""

from community.app import create_app

app = create_app()
