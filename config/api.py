"""One shape for every error of the HTTP API: {"error": {"code", "message", "fields"?}}."""

from typing import Any

from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from crm.exceptions import DomainError


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, DomainError):
        body = {"error": {"code": error.code, "message": str(error)}}
        return Response(body, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        code, message = "invalid", "Some fields are not right."
        response.data = {"error": {"code": code, "message": message, "fields": response.data}}
    else:
        detail = getattr(error, "detail", None)
        code = getattr(detail, "code", None) or "not_found"
        response.data = {"error": {"code": code, "message": str(detail or "Not found.")}}
    return response
