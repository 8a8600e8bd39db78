"""The pages of identity, split by business word."""

from community.identity.views import account, assisted, sign_in
from community.identity.views.blueprint import views
from community.identity.views.loading import init_identity

__all__ = ["account", "assisted", "init_identity", "sign_in", "views"]
