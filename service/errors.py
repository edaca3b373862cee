"""What can go wrong in the service, in words fit to show to whoever asked."""

from __future__ import annotations


class ServiceError(Exception):
    """Base of the service's own errors; its text says what is wrong and what to do."""


class InputError(ServiceError):
    """What was given cannot be used as it is."""


class NotFoundError(ServiceError):
    """Nothing has this id."""


class ConflictError(ServiceError):
    """The id is taken."""


class StoreError(ServiceError):
    """The database cannot be read or written."""


class BusyError(ServiceError):
    """Another process is doing this job."""
