"""Files in ranges: the same for films and for recordings, so it lives in crm."""

from crm.streaming import file_response

__all__ = ["file_response"]
