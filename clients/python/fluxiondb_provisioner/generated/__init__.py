
""" A client library for accessing FluxionDB provisioner """
from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
