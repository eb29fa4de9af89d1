from crm.models import Job

__all__ = ["Job"]
